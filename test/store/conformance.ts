/** What every plan store promises, as one suite that each implementation passes. */
import { describe, expect, test } from 'vitest';
import type { ContentHash } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';
import { unusedPlans } from '../../store/gc.ts';
import { contentHash } from '../../store/hash.ts';
import type { PlanStore, StoredPlanInfo } from '../../store/plan-store.ts';
import { samplePlan } from './sample-plan.ts';

export interface StoreRig {
  /** The store under test; every call a new one over the same content. */
  open(): PlanStore;
  /** Makes the stored content of `hash` differ from what was put. */
  damage(hash: ContentHash): Promise<void>;
}

const ABSENT = 'a'.repeat(64) as ContentHash;
/** How long a listing may lag behind, where the listing is eventually consistent. */
const LAG = { timeout: 20_000, interval: 100 };

export const codesOf = async (promise: Promise<unknown>): Promise<readonly string[]> =>
  promise.then(
    () => [],
    (error: unknown) => {
      if (error instanceof TasksError) return error.problems.map((problem) => problem.code);
      throw error;
    },
  );

const find = async (store: PlanStore, hash: ContentHash): Promise<StoredPlanInfo | undefined> =>
  (await store.list()).find((info) => info.hash === hash);

export const conformance = (name: string, rig: () => StoreRig): void => {
  describe(`${name} keeps the promises of a plan store`, () => {
    test('what was put comes back equal, under the hash of its content', async () => {
      const plan = samplePlan({ name: `${name} round trip` });
      const hash = await rig().open().put(plan);
      expect(hash).toBe(contentHash(plan));
      expect(await rig().open().get(hash)).toEqual(plan);
    });

    test('putting the same plan again, with its keys in another order, stores it once', async () => {
      const plan = samplePlan({ name: `${name} twice`, fields: { a: 1, b: 2 } });
      const { fields: _, ...rest } = plan;
      const shuffled = { fields: { b: 2, a: 1 }, ...rest };
      const store = rig().open();
      const hash = await store.put(plan);
      expect(await store.put(shuffled)).toBe(hash);
      await expect.poll(() => find(store, hash), LAG).toBeDefined();
      expect((await store.list()).filter((info) => info.hash === hash)).toHaveLength(1);
    });

    test('concurrent puts of one plan and of others all succeed', async () => {
      const plans = Array.from({ length: 12 }, (_, index) => samplePlan({ name: `${name} concurrent ${index % 4}` }));
      const hashes = await Promise.all(plans.map((plan) => rig().open().put(plan)));
      expect(new Set(hashes).size).toBe(4);
      const read = await Promise.all(hashes.map((hash) => rig().open().get(hash)));
      expect(read.map((plan) => plan.graph.name)).toEqual(plans.map((plan) => plan.graph.name));
    });

    test('the listing tells name, format, size and time', async () => {
      const before = Date.now();
      const store = rig().open();
      const hash = await store.put(samplePlan({ name: `${name} listed`, tasks: 7 }));
      await expect.poll(() => find(store, hash), LAG).toMatchObject({ hash, name: `${name} listed`, format: 'flowops', tasks: 7 });
      const info = await find(store, hash);
      expect(info?.bytes).toBeGreaterThan(100);
      expect(Date.parse(info?.storedAt ?? '')).toBeGreaterThan(before - 5_000);
      expect(info?.storedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    });

    test('a deleted plan is gone, deleting it again is no error, and it can be put again', async () => {
      const store = rig().open();
      const plan = samplePlan({ name: `${name} deleted` });
      const hash = await store.put(plan);
      await store.delete(hash);
      await store.delete(hash);
      await store.delete(ABSENT);
      expect(await codesOf(store.get(hash))).toEqual(['TASKS4001']);
      await expect.poll(() => find(store, hash), LAG).toBeUndefined();
      expect(await store.put(plan)).toBe(hash);
      expect(await store.get(hash)).toEqual(plan);
    });

    test('a plan that is not there is missing, and so is a hash that is none', async () => {
      const store = rig().open();
      expect(await codesOf(store.get(ABSENT))).toEqual(['TASKS4001']);
      for (const hostile of ['', '../../etc/passwd', `${'a'.repeat(64)}/../x`, 'A'.repeat(64), '__proto__']) {
        expect(await codesOf(store.get(hostile as ContentHash))).toEqual(['TASKS4001']);
        await store.delete(hostile as ContentHash);
      }
    });

    test('the largest plan allowed survives the round trip', async () => {
      const plan = samplePlan({ name: `${name} large`, tasks: 10_000 });
      const hash = await rig().open().put(plan);
      expect(await rig().open().get(hash)).toEqual(plan);
    });

    test('a plan that hardly compresses survives the round trip', async () => {
      const noise = Array.from({ length: 40_000 }, (_, index) => contentHash(index));
      const plan = samplePlan({ name: `${name} noise`, fields: { noise } });
      const hash = await rig().open().put(plan);
      expect(await rig().open().get(hash)).toEqual(plan);
    });

    test('text of any script and hostile keys are kept as they are', async () => {
      const fields = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1, "ключ": "值 🚀 \\u0000 \\u2028"}') as Record<
        string,
        unknown
      >;
      const plan = samplePlan({ name: `${name} ñ 日本 🧵`, fields });
      const store = rig().open();
      const hash = await store.put(plan);
      const read = await store.get(hash);
      expect(JSON.stringify(read.fields)).toBe(JSON.stringify(JSON.parse(JSON.stringify(fields))));
      expect(contentHash(read)).toBe(hash);
      expect('polluted' in {}).toBe(false);
    });

    test('damaged content is refused, and putting the plan again mends it', async () => {
      const plan = samplePlan({ name: `${name} damaged`, tasks: 4_000 });
      const hash = await rig().open().put(plan);
      await rig().damage(hash);
      expect(await codesOf(rig().open().get(hash))).toEqual(['TASKS4002']);
      expect(await rig().open().put(plan)).toBe(hash);
      expect(await rig().open().get(hash)).toEqual(plan);
    });

    test('what JSON cannot carry is refused before anything is stored', async () => {
      const plan = samplePlan({ name: `${name} not json`, fields: { estimate: Number.NaN } });
      expect(await codesOf(rig().open().put(plan))).toEqual(['TASKS1006']);
    });

    test('garbage collection deletes what no execution uses, and nothing else', async () => {
      const store = rig().open();
      const used = await store.put(samplePlan({ name: `${name} used` }));
      const unused = await store.put(samplePlan({ name: `${name} unused` }));
      await expect.poll(() => find(store, used), LAG).toBeDefined();
      await expect.poll(() => find(store, unused), LAG).toBeDefined();
      const others = (await store.list()).map((info) => info.hash).filter((hash) => hash !== unused);
      const usage = { used: new Set(others), hasOpen: true, now: Date.now() + 60_000 };
      expect(unusedPlans(await store.list(), usage)).toEqual([]);
      const found = unusedPlans(await store.list(), { ...usage, minAgeMs: 0 });
      expect(found.map((info) => info.hash)).toEqual([unused]);
      for (const { hash } of found) await store.delete(hash);
      expect(await codesOf(store.get(unused))).toEqual(['TASKS4001']);
      expect((await store.get(used)).graph.name).toBe(`${name} used`);
    });
  });
};
