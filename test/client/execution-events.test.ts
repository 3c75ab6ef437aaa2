/** The stream of events over what can go wrong between it and the execution. */
import { describe, expect, test } from 'vitest';
import { executionEvents } from '../../client/execution-events.ts';
import type { EventSource } from '../../client/execution-events.ts';
import { translated } from '../../client/failures.ts';
import type { EventsOptions } from '../../client/api.ts';
import type { ExecutionEvent } from '../../model/event.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';

const total = 5;
const all: readonly ExecutionEvent[] = Array.from({ length: total }, (_, i): ExecutionEvent => {
  const body = i === total - 1 ? ({ type: 'execution_completed', outcome: 'succeeded', counts: {} } as const) : ({ type: 'execution_paused' } as const);
  return { ...body, seq: i + 1, at: i };
});

/** What Temporal's client throws: the answer of gRPC wrapped in an error of its own. */
const wrapped = (code: number, details: string): Error => new Error('Failed', { cause: Object.assign(new Error(details), { code, details, metadata: {} }) });
const unavailable = (): unknown => translated(wrapped(14, 'connection refused'), 'x' as ExecutionId);

/** Answers two events at a time; before each page the faults that are left. */
const source = (options: { readonly faults?: unknown[]; readonly open?: boolean; readonly oldest?: number } = {}): EventSource & { readonly asked: number[] } => {
  const { faults = [], open = true, oldest = 1 } = options;
  const asked: number[] = [];
  return {
    asked,
    page: ({ from }) => {
      asked.push(from);
      const fault = faults.shift();
      if (fault !== undefined) return Promise.reject(fault);
      const items = all.slice(Math.max(from, oldest) - 1, Math.max(from, oldest) + 1);
      return Promise.resolve({ items, oldest, status: 'running', ...(Math.max(from, oldest) + 2 <= total && { next: Math.max(from, oldest) + 2 }) });
    },
    rebuild: async function* ({ from, before }) {
      yield* all.filter(({ seq }) => seq >= from && seq < before);
    },
    isOpen: () => Promise.resolve(open),
  };
};

const read = async (from: EventSource, options?: EventsOptions): Promise<number[]> => {
  const numbers: number[] = [];
  for await (const { seq } of executionEvents(from, options)) numbers.push(seq);
  return numbers;
};

describe('a stream of events', () => {
  test('that follows outlasts a server that is away for a while', async () => {
    const from = source({ faults: [undefined, unavailable(), unavailable()] });
    expect(await read(from, { follow: true })).toEqual([1, 2, 3, 4, 5]);
    expect(from.asked).toEqual([1, 3, 3, 3, 5]);
  });

  test('gives up when its patience is over, and at once when it does not follow', async () => {
    const gone = (): EventSource => source({ faults: [unavailable(), unavailable(), unavailable()] });
    await expect(read(gone(), { follow: true, patienceMs: 0 })).rejects.toMatchObject({ problems: [{ code: 'TASKS2001' }] });
    await expect(read(gone())).rejects.toThrow(TasksError);
  });

  test('does not take a refusal for an outage', async () => {
    const refused = new TasksError({ code: 'TASKS3001', message: 'unknown' });
    await expect(read(source({ faults: [refused] }), { follow: true })).rejects.toBe(refused);
  });

  test('of a closed execution that no worker answers for comes from its history', async () => {
    expect(await read(source({ faults: [undefined, unavailable()], open: false }), { from: 2, follow: true })).toEqual([2, 3, 4, 5]);
    const silent: EventSource = { ...source({ open: false }), page: () => new Promise(() => undefined) };
    expect(await read(silent)).toEqual([1, 2, 3, 4, 5]);
  });

  test('has no gap where the execution no longer holds its oldest events', async () => {
    expect(await read(source({ oldest: 4 }))).toEqual([1, 2, 3, 4, 5]);
  });

  test('ends without an error when nobody wants it any more', async () => {
    const stop = new AbortController();
    const isOpen = async (): Promise<boolean> => {
      // It waits before it asks again.
      setImmediate(() => stop.abort());
      return true;
    };
    const faulty = source({ faults: Array.from({ length: 9 }, unavailable) });
    expect(await read({ ...faulty, isOpen }, { follow: true, signal: stop.signal })).toEqual([]);
    expect(faulty.asked).toEqual([1]);
  });
});

describe('an error of the connection', () => {
  test.each([
    [14, 'connection refused', 'TASKS2001'],
    [9, 'no poller seen for task queue recently, worker may be down', 'TASKS2007'],
    [4, 'deadline exceeded', 'TASKS2007'],
  ])('with gRPC status %i has a code of ours', (code, details, ours) => {
    expect(translated(wrapped(code, details), 'x' as ExecutionId)).toMatchObject({ problems: [{ code: ours }] });
  });
});
