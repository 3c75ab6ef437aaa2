/** What is taken over from an execution, and which of it is done again. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';
import type { AttemptLine } from '../../model/ledger.ts';
import type { PassedPoint } from '../../model/passed-points.ts';
import { recordedArtifacts } from '../../temporal/recorded-artifacts.ts';
import { takeOver } from '../../temporal/take-over.ts';

const id = (text: string): TaskId => text as TaskId;
const hash = (digit: string): ContentHash => digit.repeat(64) as ContentHash;

test('a task that is done again takes along whatever had succeeded behind it, and nothing else', () => {
  const scenario = fc.integer({ min: 1, max: 30 }).chain((size) =>
    fc.record({
      deps: fc.tuple(...Array.from({ length: size }, (_, at) => (at === 0 ? fc.constant<number[]>([]) : fc.uniqueArray(fc.nat(at - 1), { maxLength: 3 })))),
      states: fc.array(fc.constantFrom('SUCCEEDED' as const, 'SUCCEEDED' as const, 'FAILED' as const, 'SKIPPED' as const), { minLength: size, maxLength: size }),
      changed: fc.uniqueArray(fc.nat(size - 1), { maxLength: 4 }),
    }),
  );
  fc.assert(
    fc.property(scenario, ({ deps, states, changed }) => {
      const tasks = deps.map((list, at) => ({ id: id(`t${at}`), deps: list }));
      const left = states.map((state, at) => ({ task: id(`t${at}`), state, attempt: 1 }));
      const carried = takeOver({ tasks, left, again: new Map(changed.map((at) => [id(`t${at}`), 'it has changed'])), points: [] });
      // Said the other way round: again is what has changed, and what has a hard dependency that is again.
      const again: boolean[] = [];
      for (const [at, list] of deps.entries()) again[at] = states[at] === 'SUCCEEDED' && (changed.includes(at) || list.some((dep) => again[dep]));
      expect(carried.map(({ again: why }) => why !== undefined)).toEqual(again);
      expect(carried.map(({ succeeded }) => succeeded)).toEqual(states.map((state, at) => state === 'SUCCEEDED' && !again[at]));
    }),
  );
});

test('how far a task had come goes along; of one that was undone nothing does', () => {
  const point = (task: string, attempt: number, n: number, more: Partial<PassedPoint> = {}): PassedPoint => ({ task: id(task), attempt, n, name: `at-${n}`, at: n, files: 0, bytes: 0, ...more });
  const left = [
    { task: id('a'), state: 'FAILED' as const, attempt: 2 },
    { task: id('b'), state: 'ROLLED_BACK' as const, attempt: 3 },
    { task: id('c'), state: 'PENDING' as const, attempt: 0 },
  ];
  const points = [point('a', 1, 1, { rollbackCapable: false }), point('a', 2, 1), point('b', 1, 1)];
  expect(takeOver({ tasks: left.map(({ task }) => ({ id: task })), left, again: new Map(), points })).toEqual([
    { task: 'a', attempts: 2, succeeded: false, progress: { count: 2, last: { attempt: 2, n: 1, name: 'at-1', at: 1, files: 0, bytes: 0 }, noReturn: { attempt: 1, n: 1, name: 'at-1' } } },
    { task: 'b', attempts: 3, succeeded: false, progress: { count: 0, since: 3 } },
  ]);
});

test('of a file that several tasks wrote what counts is what the last of them left', () => {
  const line = (task: string, changed: AttemptLine['artifacts_changed'], unchanged?: AttemptLine['artifacts_unchanged']): AttemptLine => ({
    execution_id: 'e' as ExecutionId,
    plan: hash('0'),
    task_id: id(task),
    attempt: 1,
    outcome: 'succeeded',
    started: '2026-01-01T00:00:00.000Z',
    finished: '2026-01-01T00:00:01.000Z',
    exit_code: 0,
    artifacts_changed: changed,
    cpu_seconds: null,
    peak_memory_bytes: null,
    worker: 'w',
    host: 'h',
    ...(unchanged && { artifacts_unchanged: unchanged }),
  });
  const lines = [line('a', [{ path: 'x', hash: hash('1') }]), line('b', [{ path: 'x', hash: hash('2') }, { path: 'y' }]), line('c', [], [{ path: 'x', hash: hash('2') }]), line('d', [{ path: '__proto__', hash: hash('3') }])];
  expect(recordedArtifacts(lines).map(({ path, hash: left, writers }) => [path, left, [...writers]])).toEqual([
    ['x', hash('2'), ['a', 'b', 'c']],
    ['y', undefined, ['b']],
    ['__proto__', hash('3'), ['d']],
  ]);
});
