import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchPressure } from '../../../resources/host/watch.ts';
import type { WatchOptions } from '../../../resources/host/watch.ts';
import { pressureLimits } from '../../../resources/pressure.ts';
import type { Crossing } from '../../../resources/pressure.ts';
import { gate } from '../../support/rig.ts';
import { scriptedProbe } from '../../support/scripted-probe.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const limits = pressureLimits({ coolDownMs: 5_000 });

const startWatch = (probe: WatchOptions['probe'], options: Partial<WatchOptions> = {}) => {
  const crossings: Crossing[] = [];
  const errors: unknown[] = [];
  const watch = watchPressure({ probe, limits, onCrossed: (crossing) => void crossings.push(crossing), onError: (error) => void errors.push(error), ...options });
  return { watch, crossings, errors, [Symbol.dispose]: () => watch[Symbol.dispose]() };
};

/** Lets so many seconds pass, with all that happens in them. */
const seconds = (n: number): Promise<unknown> => vi.advanceTimersByTimeAsync(n * 1_000);

test('a machine that is full is told at once, that it has room again after the cool-down, and nothing in between', async () => {
  const full = { memory: 99 };
  const probe = scriptedProbe({ memory: 50 }, full, full, { memory: 50 });
  using run = startWatch(probe);
  await seconds(1.5);
  expect(run.crossings).toEqual([{ from: 'none', to: 'hard', metric: 'memory', value: 99, limit: 95 }]);
  expect(run.watch.pressure).toBe('hard');
  // Room from the third second on.
  await seconds(6);
  expect(run.watch.pressure).toBe('hard');
  await seconds(1);
  expect(run.crossings.slice(1)).toEqual([{ from: 'hard', to: 'soft', metric: 'memory', value: 50, limit: 95 }]);
  await seconds(60);
  expect(run.crossings.slice(2)).toEqual([{ from: 'soft', to: 'none', metric: 'memory', value: 50, limit: 85 }]);
  expect(run.watch.pressure).toBe('none');
  expect(run.watch.sample).toEqual({ memory: 50 });
});

test('after each look that learned something it says so, with what was crossed already told', async () => {
  const seen: unknown[] = [];
  using run = startWatch(scriptedProbe({ memory: 50 }, { memory: 97 }, new Error('no answer'), { memory: 60 }), {
    onLook: () => seen.push([run.watch.pressure, run.watch.over, run.crossings.length]),
  });
  await seconds(3.5);
  const over = { metric: 'memory', percent: 97, limit: 95 };
  expect(seen).toEqual([['none', undefined, 0], ['hard', over, 1], ['hard', over, 1]]);
});

test('it looks once a second, or as often as it is told', async () => {
  const slow = scriptedProbe({ cpu: 1 });
  const quick = scriptedProbe({ cpu: 1 });
  using _slow = startWatch(slow);
  using _quick = startWatch(quick, { everyMs: 100 });
  await seconds(9.95);
  expect(slow.looks).toBe(10);
  expect(quick.looks).toBe(100);
});

test('it never looks twice at once, and goes on a second after a slow look has ended', async () => {
  const hold = gate();
  const probe = scriptedProbe(hold.opened.then(() => ({ cpu: 7 })), { cpu: 8 });
  using run = startWatch(probe);
  await seconds(20);
  expect(probe.looks).toBe(1);
  hold.open();
  await seconds(0);
  expect(run.watch.sample).toEqual({ cpu: 7 });
  await seconds(0.9);
  expect(probe.looks).toBe(1);
  await seconds(0.1);
  expect(probe.looks).toBe(2);
  expect(run.watch.sample).toEqual({ cpu: 8 });
});

test('a look that fails changes nothing; all are counted, and one is told', async () => {
  const broken = new Error('no answer');
  const probe = scriptedProbe({ memory: 96 }, broken, broken, broken, { memory: 97 });
  using run = startWatch(probe);
  await seconds(4.5);
  expect(run.errors).toEqual([broken]);
  expect(run.watch.errors).toBe(3);
  expect(run.watch.pressure).toBe('hard');
  expect(run.watch.sample).toEqual({ memory: 97 });
  expect(run.crossings).toHaveLength(1);
});

test('a probe that throws before it promises, and a listener that fails, end nothing', async () => {
  const probe = {
    sample: () => {
      throw new Error('at once');
    },
  };
  using broken = startWatch(probe);
  using deaf = startWatch(scriptedProbe({ memory: 99 }), {
    onCrossed: () => {
      throw new Error('not listening');
    },
  });
  await seconds(2.5);
  expect(broken.watch.errors).toBe(3);
  expect(deaf.watch.errors).toBe(1);
  expect(deaf.watch.pressure).toBe('hard');
});

test('after it is disposed of it neither looks nor tells, not even what was under way', async () => {
  const hold = gate();
  const probe = scriptedProbe({ memory: 1 }, hold.opened.then(() => ({ memory: 99 })));
  const run = startWatch(probe);
  await seconds(1);
  expect(probe.looks).toBe(2);
  run.watch[Symbol.dispose]();
  hold.open();
  await seconds(60);
  expect(probe.looks).toBe(2);
  expect(run.crossings).toEqual([]);
  expect(run.watch.sample).toEqual({ memory: 1 });
});
