/**
 * The baseline: the same graph with nothing but Temporal. It cannot retry, pause, be patched, continue as new
 * or say what it did.
 */
import { condition, defineSignal, defineUpdate, executeChild, getExternalWorkflowHandle, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import type * as activities from './activities.ts';
import type { BareInput, DagTask } from '../support/dag.ts';
import type { Question } from '../support/question.ts';

const { run } = proxyActivities<typeof activities>({ startToCloseTimeout: '10m', retry: { maximumAttempts: 1 } });

export async function bareTask(command: string): Promise<{ readonly exitCode: number }> {
  return run(command);
}

export async function bareDag({ tasks, concurrency, dispatch }: BareInput): Promise<number> {
  setHandler(defineUpdate('nothing'), () => undefined);
  const { workflowId } = workflowInfo();
  const successors: number[][] = tasks.map(() => []);
  const missing = tasks.map(({ deps }) => deps.length);
  for (const [to, { deps }] of tasks.entries()) for (const from of deps) successors[from]?.push(to);
  const ready = [...missing.keys()].filter((index) => missing[index] === 0);
  let running = 0;
  let done = 0;
  let wake = (): void => undefined;
  const perform = async (index: number): Promise<void> => {
    const { id, command } = tasks[index] as DagTask;
    if (dispatch === 'child') await executeChild(bareTask, { args: [command], workflowId: `${workflowId}/${id}` });
    else await run(command);
    running -= 1;
    done += 1;
    for (const to of successors[index] ?? []) {
      missing[to] = (missing[to] as number) - 1;
      if (missing[to] === 0) ready.push(to);
    }
    start();
    if (done === tasks.length) wake();
  };
  const start = (): void => {
    while (running < concurrency && ready.length > 0) {
      running += 1;
      void perform(ready.shift() as number);
    }
  };
  await new Promise<void>((resolve) => {
    wake = resolve;
    start();
  });
  return done;
}

/** Answers every `ask` with a `granted` to whoever asked: what any conversation by signals costs, and nothing else. */
export async function echo(): Promise<void> {
  setHandler(defineSignal<[string]>('ask'), async (from) => {
    await getExternalWorkflowHandle(from).signal('granted');
  });
  await condition(() => false);
}

/** Asks so many times, each when the last was answered; the milliseconds from answer to answer. */
export async function asker(question: Question): Promise<number[]> {
  let answers = 0;
  setHandler(defineSignal('granted'), () => {
    answers += 1;
  });
  const { workflowId } = workflowInfo();
  const gaps: number[] = [];
  let last = Date.now();
  for (let round = 1; round <= question.rounds; round += 1) {
    if (question.of === 'echo') await getExternalWorkflowHandle('bench-echo').signal('ask', workflowId);
    else {
      const mutex = getExternalWorkflowHandle(question.mutex);
      const id = `${question.request.holder}#${String(round)}`;
      const freed = round > 1 ? mutex.signal('release', { id: `${question.request.holder}#${String(round - 1)}` }) : undefined;
      await Promise.all([freed, mutex.signal('acquire', { ...question.request, id, since: Date.now() })]);
    }
    await condition(() => answers >= round);
    gaps.push(Date.now() - last);
    last = Date.now();
  }
  return gaps.slice(1);
}
