/** Several statements of one limit: the strictest of those that hold together, the last of those that replace one another. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MachineLimits } from '../../../model/graph.ts';
import { lastMachine, lowest, strictestMachine } from '../../../planner/read/map-pressure.ts';
import { combinePolicies } from '../../../planner/read/read-policies.ts';

const percent = fc.integer({ min: 1, max: 100 });
const limit = fc.record({ soft: percent, hard: percent }, { requiredKeys: [] });
const machine: fc.Arbitrary<MachineLimits> = fc.record({ cpu: limit, memory: limit }, { requiredKeys: [] });
const LIMITS = (['cpu', 'memory'] as const).flatMap((of) => (['soft', 'hard'] as const).map((kind) => [of, kind] as const));

test('together: as strict as every statement, no stricter than all of them, whatever their order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(machine, { nil: undefined }), { maxLength: 4 }), (stated) => {
      const made = strictestMachine(stated);
      expect(strictestMachine(stated.toReversed())).toEqual(made);
      expect(strictestMachine([made, ...stated])).toEqual(made);
      for (const of of ['cpu', 'memory'] as const) {
        const hard = lowest(stated.map((each) => each?.[of]?.hard));
        const soft = lowest(stated.map((each) => each?.[of]?.soft));
        expect(made?.[of]?.hard).toBe(hard);
        expect(made?.[of]?.soft).toBe(soft === undefined ? undefined : Math.min(soft, hard ?? 100));
      }
      const said = stated.some((each) => LIMITS.some(([of, kind]) => each?.[of]?.[kind] !== undefined));
      expect(made !== undefined).toBe(said);
    }),
  );
});

test('one after the other: of each limit what was said last', () => {
  fc.assert(
    fc.property(fc.array(machine, { minLength: 1, maxLength: 4 }), (stated) => {
      const made = lastMachine(stated);
      for (const [of, kind] of LIMITS) {
        expect(made[of]?.[kind]).toBe(stated.findLast((each) => each[of]?.[kind] !== undefined)?.[of]?.[kind]);
      }
      expect(combinePolicies(...stated.map((each) => ({ machine: each }))).machine).toEqual(made);
    }),
  );
});

test('policies within policies: key by key, and nothing of what nobody states', () => {
  const combined = combinePolicies(
    { preemption: { enabled: true }, backpressure: { errorsPerMinute: 3, resumeRate: 2 }, background: { maxTasks: 2 }, quotas: { headroom: 20 } },
    {},
    { preemption: { order: [4] }, backpressure: { coolDownMs: 5, resumeRate: undefined }, quotas: { oversubscribed: true } },
  );
  expect(combined).toEqual({ preemption: { enabled: true, order: [4] }, backpressure: { errorsPerMinute: 3, coolDownMs: 5, resumeRate: undefined }, background: { maxTasks: 2 }, quotas: { headroom: 20, oversubscribed: true } });
  expect(Object.hasOwn(combined.backpressure ?? {}, 'resumeRate')).toBe(true);
  expect(combinePolicies({}, {})).toEqual({});
});
