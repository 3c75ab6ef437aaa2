/** Random graphs without cycles, and what can be said of them slowly. */
import * as fc from 'fast-check';

export type Preds = readonly (readonly number[])[];

/** Blocks in a row, each with edges of its own; two neighbours are joined by a task, wholly, or somehow. */
export const dags = (most = 18): fc.Arbitrary<Preds> =>
  fc
    .array(fc.record({ size: fc.integer({ min: 1, max: 6 }), inner: fc.infiniteStream(fc.nat(3)), join: fc.constantFrom('whole', 'some', 'none') }), { minLength: 1, maxLength: 5 })
    .map((blocks) => {
      const preds: number[][] = [];
      let before: number[] = [];
      for (const { size, inner, join } of blocks) {
        const mine: number[] = [];
        for (let i = 0; i < size && preds.length < most; i += 1) {
          const from = mine.filter(() => inner.next().value === 0);
          const across = join === 'none' ? [] : before.filter(() => (join === 'whole' ? from.length === 0 : inner.next().value === 0));
          mine.push(preds.push([...across, ...from]) - 1);
        }
        if (mine.length > 0) before = mine;
      }
      return preds;
    });

/** All that come before it. */
export const above = (preds: Preds, index: number): ReadonlySet<number> => {
  const found = new Set<number>();
  const work = [...(preds[index] ?? [])];
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    work.push(...(preds[at] ?? []));
  }
  return found;
};

/** Without dependencies that follow from others. */
export const plainly = (preds: Preds): Preds => preds.map((list) => list.filter((pred) => !list.some((other) => above(preds, other).has(pred))));
