/** Seats: never more taken than there are, first come, first seated, and none is lost. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeats } from '../../../activities/command/seats.ts';

const never = new AbortController().signal;
const LONG = 60_000;

test('are given at once while there are some, then in the order of asking', async () => {
  const seats = createSeats(2);
  const [first, second] = await Promise.all([seats.take({ signal: never, waitMs: LONG }), seats.take({ signal: never, waitMs: LONG })]);
  const order: string[] = [];
  const wait = (name: string) =>
    seats.take({ signal: never, waitMs: LONG }).then((seat) => {
      order.push(name);
      return seat as Disposable;
    });
  const third = wait('third');
  const fourth = wait('fourth');
  expect(seats).toMatchObject({ free: 0, waiting: 2 });
  (second as Disposable)[Symbol.dispose]();
  const held = await third;
  expect(order).toEqual(['third']);
  (first as Disposable)[Symbol.dispose]();
  (await fourth)[Symbol.dispose]();
  held[Symbol.dispose]();
  expect(order).toEqual(['third', 'fourth']);
  expect(seats).toMatchObject({ free: 2, waiting: 0 });
});

test('given back twice count once', async () => {
  const seats = createSeats(1);
  const seat = (await seats.take({ signal: never, waitMs: LONG })) as Disposable;
  seat[Symbol.dispose]();
  seat[Symbol.dispose]();
  expect(seats.free).toBe(1);
});

test('that do not come free in time, or whose wait is stopped, are not taken', async () => {
  const seats = createSeats(1);
  const seat = (await seats.take({ signal: never, waitMs: LONG })) as Disposable;
  expect(await seats.take({ signal: never, waitMs: 5 })).toBe('late');
  const stop = new AbortController();
  const stopped = seats.take({ signal: stop.signal, waitMs: LONG });
  stop.abort();
  expect(await stopped).toBe('stopped');
  expect(await seats.take({ signal: stop.signal, waitMs: LONG })).toBe('stopped');
  seat[Symbol.dispose]();
  expect(seats).toMatchObject({ free: 1, waiting: 0 });
});

test('whatever comes and goes: never too many, never one lost, never out of turn', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.array(fc.constantFrom('take', 'give', 'stop'), { maxLength: 60 }), async (count, course) => {
      const seats = createSeats(count);
      const held: Disposable[] = [];
      const line: { readonly stop: AbortController; end?: string | Disposable }[] = [];
      const settled = () => new Promise((resolve) => setImmediate(resolve));
      for (const action of course) {
        if (action === 'take') {
          const one: (typeof line)[number] = { stop: new AbortController() };
          line.push(one);
          const take = async (): Promise<void> => {
            one.end = await seats.take({ signal: one.stop.signal, waitMs: LONG });
            if (typeof one.end !== 'string') held.push(one.end);
          };
          void take();
        } else if (action === 'give') held.shift()?.[Symbol.dispose]();
        else line.find(({ end }) => end === undefined)?.stop.abort();
        await settled();
        expect(seats.free + held.length).toBe(count);
        const waits = line.flatMap(({ end }, at) => (end === undefined ? [at] : []));
        expect(seats.waiting).toBe(waits.length);
        if (waits.length > 0) expect(seats.free).toBe(0);
        // Nobody who came later sits while one who came before still waits.
        const lastSeated = line.findLastIndex(({ end }) => typeof end === 'object');
        expect(waits[0] ?? lastSeated + 1).toBeGreaterThan(lastSeated);
      }
      for (const { stop } of line) stop.abort();
      await settled();
      for (const seat of held) seat[Symbol.dispose]();
      expect(seats).toMatchObject({ free: count, waiting: 0 });
    }),
    { numRuns: 150 },
  );
});
