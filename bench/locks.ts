/**
 * What resources cost: a free global lock taken and given back, beside a bare question and answer by signals; and
 * our own time to find the next holder among a thousand that wait.
 */
import { randomUUID } from 'node:crypto';
import { createEnsureMutex } from '../activities/mutex.ts';
import { attemptWorkflowId, executionWorkflowId, mutexWorkflowId, TASK_QUEUE } from '../model/ids.ts';
import type { ExecutionId, TaskId } from '../model/ids.ts';
import type { GrantRequest } from '../model/mutex.ts';
import { createDomainState, LockDomain } from '../resources/domain.ts';
import { startBenchServer } from './support/bench-server.ts';
import type { Question } from './support/question.ts';
import { quantile, report } from './support/report.ts';
import { median, pickSize, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';

const TURNS = pickSize(150, 20);
const ROUNDS = roundsOf(5, 2);
const RESOURCES = 100;
const WAITERS = 1_000;

const requestOf = (execution: string, resource: string): Omit<GrantRequest, 'id' | 'since'> => ({
  holder: attemptWorkflowId(execution as ExecutionId, 'lock' as TaskId, 1),
  execution: execution as ExecutionId,
  task: 'lock' as TaskId,
  attempt: 1,
  priority: 3,
  graceMs: 0,
  asks: [{ resource, units: 1, access: 'write' }],
  resources: [{ name: resource, mode: 'exclusive', capacity: 1, scope: 'global' }],
});

await using server = await startBenchServer();
await using _bare = await startBare({ server });
await using _ours = await startOurs({ server });
await createEnsureMutex({ client: server.client })({ domain: 'bench', taskQueue: TASK_QUEUE });
await server.bareClient.workflow.start('echo', { workflowId: 'bench-echo', taskQueue: 'bare', args: [] });

const ask = (question: (execution: string) => Question) => async (): Promise<number[]> => {
  const execution = `ask-${randomUUID()}`;
  const workflowId = executionWorkflowId(execution as ExecutionId);
  return (await server.bareClient.workflow.execute('asker', { workflowId, taskQueue: 'bare', args: [question(execution)] })) as number[];
};
const locks: number[][] = [];
const echoes: number[][] = [];
const sides = [
  { results: locks, run: ask((execution) => ({ of: 'mutex', rounds: TURNS, mutex: mutexWorkflowId('bench'), request: requestOf(execution, 'lock') })) },
  { results: echoes, run: ask(() => ({ of: 'echo', rounds: TURNS })) },
];
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { results, run } of round % 2 === 0 ? sides : sides.toReversed()) results.push(await run());
  process.stderr.write(`  round ${String(round + 1)} of ${String(ROUNDS)}: ${median(locks[round] ?? []).toFixed(1)} and ${median(echoes[round] ?? []).toFixed(1)} ms\n`);
}

/** A release in a domain as crowded as can be: what the workflow itself has to compute. */
const crowded = (): number[] => {
  const domain = new LockDomain(createDomainState({ epoch: 1 }));
  const send = (at: number): void => {
    const request = requestOf(`e${String(at)}`, `r${String(at % RESOURCES)}`);
    domain.acquire({ ...request, id: `${request.holder}#1`, since: at }, at);
  };
  for (let at = 0; at < RESOURCES + WAITERS; at += 1) send(at);
  const times: number[] = [];
  for (let turn = 0; turn < WAITERS; turn += 1) {
    const [oldest] = domain.holders();
    if (!oldest) throw new Error('nobody holds anything');
    const begun = performance.now();
    const { grants } = domain.release(oldest.request.id, WAITERS * 2 + turn);
    times.push(performance.now() - begun);
    if (grants.length !== 1) throw new Error('the next one was not found');
    send(RESOURCES + WAITERS + turn);
  }
  return times;
};

const releases = crowded();
const medians = (rounds: readonly (readonly number[])[]): number => median(rounds.map((gaps) => median(gaps)));
const ratio = median(locks.map((gaps, round) => median(gaps) / median(echoes[round] ?? [])));
report('locks', [
  { name: 'a free lock given back and taken, p50', value: medians(locks), unit: 'ms', baseline: { name: 'signal and answer', value: medians(echoes) } },
  { name: '  times the baseline', value: ratio, unit: 'x', target: { atMost: 1.3 } },
  { name: '  p99', value: quantile(locks.flat(), 0.99), unit: 'ms', baseline: { name: 'signal and answer', value: quantile(echoes.flat(), 0.99) } },
  { name: `next holder, ${String(RESOURCES)} resources and ${String(WAITERS)} waiting, p50`, value: median(releases), unit: 'ms' },
  { name: '  p99', value: quantile(releases, 0.99), unit: 'ms', target: { atMost: 5 } },
]);
