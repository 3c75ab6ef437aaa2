/** What executions say to the register of quarantined tasks, and what they ask it when they begin. */
import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { LoadedGraph, TellQuarantineRequest } from '../model/activity.ts';
import type { Graph } from '../model/graph.ts';
import { readQuarantined, tellQuarantine } from '../temporal/quarantine.ts';

/** An execution does not wait longer for a register that does not answer. */
const ANSWER_MS = 5_000;

export const createTellQuarantine =
  ({ client }: { readonly client: Client }) =>
  ({ taskQueue, news }: TellQuarantineRequest): Promise<void> =>
    tellQuarantine({ client, taskQueue, news });

/** Which tasks of the graph are left out; never fails: that nobody can say is an answer. */
export const quarantinedOf = async ({ client, taskQueue, graph }: { readonly client: Client; readonly taskQueue: string; readonly graph: Graph }): Promise<Pick<LoadedGraph, 'quarantined' | 'quarantineUnknown'>> => {
  try {
    const { entries } = await client.withDeadline(Date.now() + ANSWER_MS, () => readQuarantined({ client, taskQueue, plan: graph.name }));
    const tasks = new Set<string>(graph.tasks.map(({ id }) => id));
    const quarantined = entries.filter(({ task }) => tasks.has(task));
    return quarantined.length > 0 ? { quarantined } : {};
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('which tasks of the plan are quarantined is not known: none is left out', { plan: graph.name, reason });
    return { quarantineUnknown: `the register of the queue ${taskQueue} did not answer: ${reason}` };
  }
};
