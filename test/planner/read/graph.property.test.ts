/** Whatever the graph: what goes in is what comes out, and positions lead back to where it stood. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ID_PATTERN } from '../../../model/ids.ts';
import { parseJson } from '../../../planner/read/parse-json.ts';
import { accepted, before, refused } from './reading.ts';

interface Plan {
  readonly ids: readonly string[];
  readonly hard: readonly (readonly [number, number])[];
  readonly soft: readonly (readonly [number, number])[];
}

const ids = fc.uniqueArray(fc.stringMatching(ID_PATTERN), { minLength: 1, maxLength: 30 });

const forward = (count: number) =>
  fc.uniqueArray(
    fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([from, to]) => from < to),
    { selector: ([from, to]) => `${from} ${to}`, maxLength: count > 1 ? 60 : 0 },
  );

const plans: fc.Arbitrary<Plan> = ids.chain((list) =>
  fc.record({ ids: fc.constant(list), hard: forward(list.length), soft: forward(list.length) }),
);

const written = ({ ids, hard, soft }: Plan, order: readonly number[]) => ({
  tasks: order.map((index) => ({
    id: ids[index],
    cmd: 'true',
    deps: hard.filter(([, to]) => to === index).map(([from]) => ids[from]),
    soft_deps: soft.filter(([, to]) => to === index).map(([from]) => ids[from]),
  })),
});

const shuffled = plans.chain((plan) =>
  fc.tuple(fc.constant(plan), fc.shuffledSubarray([...plan.ids.keys()], { minLength: plan.ids.length })),
);

test('the edges of the graph are those of the plan, in whatever order its tasks stand', async () => {
  await fc.assert(
    fc.asyncProperty(shuffled, async ([plan, order]) => {
      const read = await accepted({ stdin: JSON.stringify(written(plan, order), null, 1) });
      expect(read.warnings).toEqual([]);
      for (const [index, id] of plan.ids.entries()) {
        const from = (edges: Plan['hard']) => edges.filter(([, to]) => to === index).map(([at]) => plan.ids[at] ?? '');
        const hard = from(plan.hard);
        expect(before(read, id)).toEqual(hard.toSorted());
        expect(before(read, id, 'soft')).toEqual(from(plan.soft).filter((other) => !hard.includes(other)).toSorted());
      }
    }),
    { numRuns: 60 },
  );
});

test('a hard edge back is a cycle, and its path is one of the plan', async () => {
  const chains = fc.tuple(fc.integer({ min: 2, max: 20 }), fc.nat(), fc.nat());
  await fc.assert(
    fc.asyncProperty(chains, async ([count, a, b]) => {
      const [low, high] = [a % count, b % count].toSorted((x, y) => x - y) as [number, number];
      fc.pre(low < high);
      const tasks = Array.from({ length: count }, (_, at) => ({
        id: `t${at}`,
        deps: [...(at > 0 ? [`t${at - 1}`] : []), ...(at === low ? [`t${high}`] : [])],
      }));
      const problems = await refused({ stdin: JSON.stringify(tasks) });
      expect(problems.map((problem) => problem.code)).toEqual(['TASKS1205']);
      expect(problems[0]?.related).toHaveLength(high - low + 1);
    }),
    { numRuns: 40 },
  );
});

test('every value of a JSON text is found where it stands', () => {
  const paths = (value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] =>
    typeof value === 'object' && value !== null
      ? [path, ...Object.entries(value).flatMap(([key, child]) => paths(child, [...path, Array.isArray(value) ? Number(key) : key]))]
      : [path];
  const at = (value: unknown, path: readonly (string | number)[]): unknown =>
    path.reduce<unknown>((found, step) => (found as Record<string | number, unknown>)[step], value);
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const parsed = parseJson({ file: 'f', name: 'f', text });
      if (!parsed.ok) expect.fail(parsed.error[0]?.message ?? '');
      for (const path of paths(JSON.parse(text))) {
        const { start, end } = parsed.value.locate(path);
        expect(JSON.parse(text.slice(start, end))).toEqual(at(parsed.value.value, path));
      }
    }),
    { numRuns: 200 },
  );
});

test('text that JSON.parse refuses is refused with a place, and nothing throws', () => {
  const broken = fc.tuple(fc.jsonValue({ maxDepth: 3 }), fc.nat(), fc.constantFrom('', ',', '}', '"', "'", '/', '\\', '\n', 'x'));
  fc.assert(
    fc.property(broken, ([value, at, insert]) => {
      const whole = JSON.stringify(value);
      const cut = at % (whole.length + 1);
      const text = insert === '' ? whole.slice(0, cut) : whole.slice(0, cut) + insert + whole.slice(cut);
      const parsed = parseJson({ file: 'f', name: 'f', text });
      if (parsed.ok) return;
      expect(parsed.error[0]).toMatchObject({ code: 'TASKS1004', place: { file: 'f' } });
      expect(parsed.error[0]?.message).not.toBe('not valid JSON: this is not JSON');
    }),
    { numRuns: 300 },
  );
});
