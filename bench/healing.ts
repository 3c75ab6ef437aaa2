/**
 * What breakers cost: our own time for each of 10,000 failures with as many different texts as come, beside a scheduler
 * without breakers; and how long a text takes to be masked where it failed.
 */
import { signatureOf } from '../activities/failure/signature.ts';
import type { AttemptResult } from '../model/attempt.ts';
import type { Breaker } from '../model/breaker.ts';
import { DEFAULT_BREAKERS } from '../model/breaker.ts';
import { DEFAULT_POLICIES } from '../model/graph.ts';
import type { Graph } from '../model/graph.ts';
import type { TaskId } from '../model/ids.ts';
import { createState } from '../scheduler/create-state.ts';
import { Scheduler } from '../scheduler/scheduler.ts';
import { quantile, report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { median, pickSize, roundsOf } from './support/rounds.ts';

const FAILURES = pickSize(10_000, 1_000);
const ROUNDS = roundsOf(5, 2);
/** Different texts, and those of one kind that differ in a word. */
const KINDS = 500;

const SIMILAR: Breaker = { name: 'alike', on: { type: 'similar_errors', threshold: 1_000_000, windowMs: 3_600_000, similarity: 0.8 }, action: { type: 'report' }, budget: 1, coolDownMs: 0 };

const graphOf = (breakers: readonly Breaker[]): Graph => ({
  schema: 1,
  name: 'bench',
  sources: [],
  tasks: Array.from({ length: FAILURES }, (_, i) => ({ id: `t${String(i)}` as TaskId, retry: { maxAttempts: 1 } })),
  policies: { ...DEFAULT_POLICIES, concurrencyMax: 50, breakers },
});

const textOf = (number: number): string => `error: step ${String(number % KINDS)} of the job could not open file number ${String(number)} in /srv/data/${String(number)}/x`;
const signatures = Array.from({ length: KINDS }, (_, i) => `error: part${String(i % 50)} of the ${String.fromCodePoint(97 + (i % 26))} job could not open ‹path› for reason${String(i)}`);

/** Milliseconds of every failure's event. */
const failAll = (breakers: readonly Breaker[]): number[] => {
  const scheduler = new Scheduler(createState({ graph: graphOf(breakers), seed: 'bench', now: 0 }));
  const running = scheduler.apply({ type: 'begin' }, 0).decisions.flatMap((decision) => (decision.type === 'start' ? [decision.index] : []));
  const times: number[] = [];
  for (let now = 1; running.length > 0; now += 1) {
    const index = running.shift() as number;
    const result: AttemptResult = {
      task: `t${String(index)}` as TaskId,
      attempt: 1,
      outcome: 'failed',
      startedAt: now,
      finishedAt: now,
      worker: 'w',
      host: 'h',
      tail: '',
      failure: { reason: 'exit', class: 'transient', message: 'it broke', signature: signatures[index % KINDS] as string, matches: index % 7 === 0 ? ['schema_drift'] : [] },
    };
    const began = performance.now();
    const { decisions } = scheduler.apply({ type: 'ended', index, result }, now);
    times.push(performance.now() - began);
    for (const decision of decisions) if (decision.type === 'start') running.push(decision.index);
  }
  return times;
};

const sides = { similar: [] as number[][], usual: [] as number[][], none: [] as number[][] };
for (let round = 0; round < ROUNDS; round += 1) {
  sides.none.push(failAll([]));
  sides.similar.push(failAll([...DEFAULT_BREAKERS, SIMILAR]));
  sides.usual.push(failAll(DEFAULT_BREAKERS));
}
const of = (times: readonly (readonly number[])[], share: number): number => median(times.map((round) => quantile(round, share)));

const texts = Array.from({ length: FAILURES }, (_, i) => textOf(i));
const began = performance.now();
for (const text of texts) signatureOf(text);
const masked = (1_000 * (performance.now() - began)) / FAILURES;

const figure = (name: string, times: readonly (readonly number[])[], share: number, target?: Figure['target']): Figure => ({
  name: `${name}, ${share === 0.5 ? 'median' : 'p99'}`,
  value: of(times, share),
  unit: 'ms',
  baseline: { name: 'without breakers', value: of(sides.none, share) },
  ...(target && { target }),
});
report('healing', [
  figure(`a failure among ${String(FAILURES)}, compared with the last 200`, sides.similar, 0.5, { atMost: 1 }),
  figure(`a failure among ${String(FAILURES)}, compared with the last 200`, sides.similar, 0.99, { atMost: 5 }),
  figure('a failure with the usual breakers', sides.usual, 0.5),
  figure('a failure with the usual breakers', sides.usual, 0.99),
  { name: 'a text masked where it failed', value: masked, unit: 'µs' },
]);
