/** How an execution stands, asked of itself: open or closed, it needs a worker to answer. */
import type { Client } from '@temporalio/client';
import { executionWorkflowId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';
import { QUERY } from '../model/message.ts';
import type { PageRequest } from '../model/message.ts';
import type { Standing, StandingHead, StandingPage, TaskStanding } from '../model/rollback.ts';

const PAGE = 500;

/** Page by page. Whatever asking throws is thrown. */
export const collectStanding = async (ask: (page: PageRequest) => Promise<StandingPage>): Promise<Standing> => {
  let head: StandingHead | undefined;
  const tasks: TaskStanding[] = [];
  for (let from: number | undefined = 0; from !== undefined; ) {
    const page: StandingPage = await ask({ from, limit: PAGE });
    head ??= page.head;
    tasks.push(...page.items);
    from = page.next;
  }
  if (!head) throw new Error('the execution did not say how it stands');
  return { ...head, tasks };
};

export const readStanding = (client: Client, execution: ExecutionId): Promise<Standing> => {
  const handle = client.workflow.getHandle(executionWorkflowId(execution));
  return collectStanding((page) => handle.query<StandingPage, [PageRequest]>(QUERY.standing, page));
};
