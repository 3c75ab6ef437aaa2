/** Units before a place, beside a plain sorted list. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskId } from '../../model/ids.ts';
import { comparePlaces } from '../../scheduler/place.ts';
import type { Place } from '../../scheduler/place.ts';
import { Ranks } from '../../scheduler/ranks.ts';

const placeOf = (index: number, rank: number): Place => ({
  index,
  class: rank,
  reservedSince: Infinity,
  key: { bucket: 0, yield: 0, depth: 0, confidence: 0, rollbackCost: 0, id: String(index).padStart(5, '0') as TaskId },
});

describe('ranks', () => {
  it('are what a sorted list is, through any additions and removals', () => {
    const step = fc.record({ rank: fc.nat(20), units: fc.integer({ min: 1, max: 5 }), removes: fc.boolean(), which: fc.nat() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600, size: 'max' }), fc.nat(60), (steps, limit) => {
        const ranks = new Ranks();
        const list: { place: Place; units: number }[] = [];
        for (const [index, { rank, units, removes, which }] of steps.entries()) {
          if (removes && which % 3 === 0) {
            const [gone] = list.splice(which % Math.max(1, list.length), 1);
            if (gone) ranks.delete(gone.place);
          } else {
            const place = placeOf(index, rank);
            ranks.add(place, units);
            list.push({ place, units });
          }
          const asked = placeOf(which % 600, rank);
          const before = list.filter(({ place }) => comparePlaces(place, asked) < 0).reduce((sum, each) => sum + each.units, 0);
          expect(ranks.isMoreBefore(asked, limit)).toBe(before > limit);
          if (before > 0) expect(ranks.isMoreBefore(asked, before - 1)).toBe(true);
          expect(ranks.isMoreBefore(asked, before)).toBe(false);
          expect(ranks.first).toBe(list.toSorted((a, b) => comparePlaces(a.place, b.place))[0]?.place);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('do not lose what was never added', () => {
    const ranks = new Ranks();
    ranks.add(placeOf(1, 1), 1);
    expect(() => ranks.delete(placeOf(1, 1))).toThrow(RangeError);
    ranks.clear();
    expect(ranks.first).toBeUndefined();
  });
});
