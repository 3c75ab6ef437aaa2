/** When a machine's pressure changes, sample by sample. */
import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { PRESSURES } from '../../model/pool.ts';
import type { Pressure } from '../../model/pool.ts';
import { initialPressure, isOverHard, nextPressure, overLimit, pressureLimits, SAMPLES_OVER } from '../../resources/pressure.ts';
import type { Crossing, Load, PressureLimits, PressureState } from '../../resources/pressure.ts';

const RUNS = Number(process.env['TASKS_TEST_RUNS'] ?? 1_000);
const rankOf = (pressure: Pressure): number => PRESSURES.indexOf(pressure);

interface Moment {
  readonly load: Load;
  readonly now: number;
}

interface Told {
  readonly now: number;
  readonly state: PressureState;
  readonly crossed?: Crossing;
}

const walk = (moments: readonly Moment[], limits: PressureLimits, carry = (state: PressureState): PressureState => state): Told[] => {
  let state = initialPressure();
  return moments.map(({ load, now }) => {
    const step = nextPressure({ state: carry(state), load, now, limits });
    ({ state } = step);
    return { now, ...step };
  });
};

const everySecond = (loads: readonly Load[]): Moment[] => loads.map((load, n) => ({ load, now: n * 1_000 }));
const repeat = (times: number, load: Load): Load[] => Array.from({ length: times }, () => load);
const crossingsOf = (told: readonly Told[]): (Crossing & { readonly at: number })[] => told.flatMap(({ now, crossed }) => (crossed ? [{ ...crossed, at: now }] : []));
/** With limits for processors, which nobody has unless they are stated. */
const LIMITS = pressureLimits({ cpu: { soft: 80, hard: 95 } });
const crossings = (loads: readonly Load[], limits = LIMITS) => crossingsOf(walk(everySecond(loads), limits));

describe('limits', () => {
  test('have defaults', () => {
    expect(pressureLimits()).toEqual({ memory: { soft: 85, hard: 95 }, coolDownMs: 30_000 });
    expect(pressureLimits({ memory: { soft: 50 }, coolDownMs: 1 })).toEqual({ memory: { soft: 50, hard: 95 }, coolDownMs: 1 });
    expect(pressureLimits({ cpu: {}, memory: {} })).toEqual(pressureLimits());
  });

  test('of processors there are only those that are stated', () => {
    expect(pressureLimits({ cpu: { soft: 50 } }).cpu).toEqual({ soft: 50 });
    expect(pressureLimits({ cpu: { hard: 90 } }).cpu).toEqual({ soft: 90, hard: 90 });
    expect(crossings(repeat(100, { cpu: 100 }), pressureLimits())).toEqual([]);
    expect(crossings(repeat(100, { cpu: 100 }), pressureLimits({ cpu: { soft: 50 } })).map(({ to }) => to)).toEqual(['soft']);
  });

  test('a stated soft one above the hard one raises that to it; a stated hard one lowers the usual soft one', () => {
    expect(pressureLimits({ cpu: { soft: 98, hard: 97 }, memory: { soft: 60, hard: 40 } })).toMatchObject({ cpu: { soft: 98, hard: 98 }, memory: { soft: 60, hard: 60 } });
    expect(pressureLimits({ memory: { soft: 97 } }).memory).toEqual({ soft: 97, hard: 97 });
    expect(pressureLimits({ memory: { hard: 70 } }).memory).toEqual({ soft: 70, hard: 70 });
    expect(pressureLimits({ memory: { hard: 90 } }).memory).toEqual({ soft: 85, hard: 90 });
  });

  test('one of 100 is never crossed, and neither is one that is just reached', () => {
    const limits = pressureLimits({ cpu: { soft: 100 }, memory: { soft: 100 } });
    expect(crossings(repeat(100, { cpu: 100, memory: 100 }), limits)).toEqual([]);
    expect(crossings(repeat(100, { cpu: 80, memory: 85 }))).toEqual([]);
  });
});

describe('up', () => {
  test('a spike of a second is no crossing, although it touches two samples', () => {
    expect(crossings([{ cpu: 20 }, { cpu: 100 }, { cpu: 100 }, { cpu: 20 }, { memory: 94 }, { memory: 94 }, { memory: 20 }])).toEqual([]);
  });

  test('three samples are', () => {
    expect(crossings([...repeat(3, { cpu: 90 }), ...repeat(100, { cpu: 90 })])).toEqual([{ at: 2_000, from: 'none', to: 'soft', metric: 'cpu', value: 90, limit: 80 }]);
    expect(crossings(repeat(100, { cpu: 99 }))).toEqual([{ at: 2_000, from: 'none', to: 'hard', metric: 'cpu', value: 99, limit: 95 }]);
    expect(crossings(repeat(100, { memory: 90 }))).toEqual([{ at: 2_000, from: 'none', to: 'soft', metric: 'memory', value: 90, limit: 85 }]);
  });

  test('memory over the hard limit counts at once', () => {
    expect(crossings([{ memory: 20 }, { memory: 96, cpu: 100 }])).toEqual([{ at: 1_000, from: 'none', to: 'hard', metric: 'memory', value: 96, limit: 95 }]);
  });

  test('samples over the soft limit count as such while some of them are over the hard one', () => {
    expect(crossings([{ cpu: 99 }, { cpu: 90 }, { cpu: 99 }])).toEqual([{ at: 2_000, from: 'none', to: 'soft', metric: 'cpu', value: 99, limit: 80 }]);
  });
});

describe('down', () => {
  const cool = { cpu: 5, memory: 5 };

  test('one step after each cool-down', () => {
    const told = crossings([{ memory: 99 }, ...repeat(100, cool)]);
    expect(told).toEqual([
      { at: 0, from: 'none', to: 'hard', metric: 'memory', value: 99, limit: 95 },
      { at: 31_000, from: 'hard', to: 'soft', metric: 'memory', value: 5, limit: 95 },
      { at: 61_000, from: 'soft', to: 'none', metric: 'memory', value: 5, limit: 85 },
    ]);
  });

  test('one sample over the limit begins the cool-down anew', () => {
    const told = crossings([...repeat(3, { cpu: 90 }), ...repeat(29, cool), { cpu: 90 }, ...repeat(31, cool)]);
    expect(told.map(({ at, to }) => [at, to])).toEqual([[2_000, 'soft'], [63_000, 'none']]);
  });

  test('from the hard limit to between the two stays soft', () => {
    const told = crossings([...repeat(3, { cpu: 99 }), ...repeat(200, { cpu: 90 })]);
    expect(told.map(({ at, to }) => [at, to])).toEqual([[2_000, 'hard'], [33_000, 'soft']]);
  });

  test('the machine is as loaded as its most loaded metric, which is the one that is named', () => {
    const told = crossings([{ memory: 99, cpu: 90 }, ...repeat(40, { memory: 5, cpu: 90 }), ...repeat(100, cool)]);
    expect(told.map(({ at, from, to, metric }) => [at, from, to, metric])).toEqual([
      [0, 'none', 'hard', 'memory'],
      [31_000, 'hard', 'soft', 'memory'],
      [71_000, 'soft', 'none', 'cpu'],
    ]);
  });
});

test('what the machine is over is said as of when it was last over it', () => {
  const told = walk(everySecond([{ memory: 20 }, { memory: 97 }, ...repeat(70, { memory: 5 })]), LIMITS);
  const over = told.map(({ state }) => overLimit(state, LIMITS));
  expect(over[0]).toBeUndefined();
  expect(over[1]).toEqual({ metric: 'memory', percent: 97, limit: 95 });
  expect(over[40]).toEqual({ metric: 'memory', percent: 97, limit: 85 });
  expect(over.at(-1)).toBeUndefined();
});

test('a sample is over a hard limit by whatever it knows, and where there is one', () => {
  expect([{ memory: 96 }, { cpu: 96 }, { memory: 95, cpu: 95 }, {}].map((load) => isOverHard(load, LIMITS))).toEqual([true, true, false, false]);
  expect(isOverHard({ cpu: 100 }, pressureLimits({ cpu: { soft: 10 } }))).toBe(false);
});

const percent = fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(79, 80, 81, 84, 85, 86, 94, 95, 96));
const loads = fc.record({ cpu: percent, memory: percent }, { requiredKeys: [] });
const limitsOf = fc
  .record({ cpu: fc.record({ soft: percent, hard: percent }, { requiredKeys: [] }), memory: fc.record({ soft: percent, hard: percent }, { requiredKeys: [] }), coolDownMs: fc.nat(8_000) })
  .map((settings) => pressureLimits(settings));
/** Loads that last a while, a random time apart: else nothing ever cools down. */
const course = fc
  .array(fc.record({ load: loads, times: fc.integer({ min: 1, max: 12 }), gap: fc.integer({ min: 1, max: 2_000 }) }), { maxLength: 20 })
  .map((parts) => {
    let now = 0;
    return parts.flatMap(({ load, times, gap }) => repeat(times, load).map((one) => ({ load: one, now: (now += gap) })));
  });
const full = course.map((moments) => moments.map(({ load, now }) => ({ load: { cpu: 0, memory: 0, ...load }, now })));

const check = <T extends [unknown, ...unknown[]]>(property: fc.IProperty<T>): void => fc.assert(property, { numRuns: RUNS });

describe('whatever the samples are', () => {
  it('a step down comes no sooner than a cool-down after the crossing before it, and is one step', () => {
    check(
      fc.property(course, limitsOf, (moments, limits) => {
        const told = crossingsOf(walk(moments, limits));
        for (const [n, { at, from, to }] of told.entries()) {
          if (rankOf(to) > rankOf(from)) continue;
          expect(rankOf(from) - rankOf(to)).toBe(1);
          expect(at - (told[n - 1]?.at ?? Number.NaN)).toBeGreaterThanOrEqual(limits.coolDownMs);
        }
      }),
    );
  });

  it('crossings are a chain from none, each is a change, and the value is on the side of the limit that it says', () => {
    check(
      fc.property(course, limitsOf, (moments, limits) => {
        let pressure: Pressure = 'none';
        for (const { state, crossed } of walk(moments, limits)) {
          expect(crossed !== undefined).toBe(state.pressure !== pressure);
          if (!crossed) continue;
          expect(crossed.from).toBe(pressure);
          expect(crossed.to).toBe(state.pressure);
          expect(crossed.value > crossed.limit).toBe(rankOf(crossed.to) > rankOf(crossed.from));
          ({ pressure } = state);
        }
      }),
    );
  });

  it('while every sample is as high as the one before, the pressure does not come down; the other way round it does not go up after its first samples', () => {
    const up = fc.array(percent, { minLength: 1, maxLength: 60 }).map((values) => values.sort((a, b) => a - b));
    check(
      fc.property(up, limitsOf, fc.constantFrom('cpu', 'memory'), (values, limits, metric) => {
        const rising = walk(everySecond(values.map((value) => ({ [metric]: value }))), limits).map(({ state }) => rankOf(state.pressure));
        for (const [n, rank] of rising.entries()) expect(rank).toBeGreaterThanOrEqual(rising[n - 1] ?? 0);
        const falling = walk(everySecond(values.toReversed().map((value) => ({ [metric]: value }))), limits).map(({ state }) => rankOf(state.pressure));
        const settled = falling.slice(Math.max(...Object.values(SAMPLES_OVER[metric as 'cpu'])) - 1);
        for (const [n, rank] of settled.entries()) expect(rank).toBeLessThanOrEqual(settled[n - 1] ?? 2);
      }),
    );
  });

  it('a machine that is more loaded at every moment is never under less pressure', () => {
    check(
      fc.property(full, fc.array(fc.record({ cpu: fc.nat(40), memory: fc.nat(40) }), { minLength: 1 }), limitsOf, (moments, extra, limits) => {
        const more = moments.map(({ load, now }, n) => {
          const { cpu = 0, memory = 0 } = extra[n % extra.length] ?? {};
          return { load: { cpu: load.cpu + cpu, memory: load.memory + memory }, now };
        });
        const less = walk(moments, limits);
        for (const [n, { state }] of walk(more, limits).entries()) expect(rankOf(state.pressure)).toBeGreaterThanOrEqual(rankOf(less[n]?.state.pressure ?? 'none'));
      }),
    );
  });

  it('what lasts is told: over a limit after enough samples, at rest after two cool-downs', () => {
    check(
      fc.property(course, limitsOf, fc.integer({ min: 0, max: 100 }), (moments, limits, cpu) => {
        const begun = moments.at(-1)?.now ?? 0;
        const rest = Array.from({ length: 4 }, (_, n) => ({ load: { cpu, memory: 0 }, now: begun + 1 + n * limits.coolDownMs }));
        const end = walk([...moments, ...rest], limits).at(-1)?.state.pressure;
        const { soft = 100, hard = 100 } = limits.cpu ?? {};
        expect(end).toBe(cpu > hard ? 'hard' : cpu > soft ? 'soft' : 'none');
      }),
    );
  });

  it('it is over some limit exactly while there is pressure, and the limit is that of the pressure', () => {
    check(
      fc.property(course, limitsOf, (moments, limits) => {
        for (const { state } of walk(moments, limits)) {
          const over = overLimit(state, limits);
          expect(over !== undefined).toBe(state.pressure !== 'none');
          if (over && state.pressure !== 'none') expect(over.limit).toBe(limits[over.metric]?.[state.pressure]);
        }
      }),
    );
  });

  it('a sample that tells nothing changes nothing', () => {
    check(
      fc.property(course, limitsOf, fc.constantFrom<Load>({}, { cpu: Number.NaN }, { memory: Number.NaN, cpu: Number.POSITIVE_INFINITY }), (moments, limits, nothing) => {
        const silent = moments.flatMap((moment) => [moment, { load: nothing, now: moment.now }]);
        const told = walk(silent, limits);
        expect(told.filter((_, n) => n % 2 === 0)).toEqual(walk(moments, limits));
        for (const [n, { state, crossed }] of told.entries()) {
          if (n % 2 === 0) continue;
          expect(crossed).toBeUndefined();
          expect(state).toEqual(told[n - 1]?.state);
        }
      }),
    );
  });

  it('it goes on exactly alike from its JSON, and changes no state that it was given', () => {
    const freeze = (state: PressureState): PressureState => JSON.parse(JSON.stringify(state), (_, value: unknown) => Object.freeze(value)) as PressureState;
    check(
      fc.property(course, limitsOf, (moments, limits) => {
        expect(walk(moments, limits, freeze)).toStrictEqual(walk(moments, limits));
      }),
    );
  });
});
