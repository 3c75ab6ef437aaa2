import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cachedDrafter, cacheKey } from '../../../client/drafters/cache.ts';
import { draftPlan } from '../../../planner/drafters/draft-plan.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { conformance, request, SECRET } from '../../planner/drafters/conformance.ts';
import { recordedDrafter, specification } from '../../planner/drafters/rig.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'drafts-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const signal = new AbortController().signal;
const cached = (drafter: Drafter, rest: { isOnly?: boolean; isFresh?: boolean } = {}): Drafter => cachedDrafter({ drafter, directory, ...rest });

describe('a drafter with a cache', () => {
  const of = (draft: Drafter['draft']): Drafter => cached({ name: 'inner', variant: 'a-model', draft });
  const slow = (timeoutMs: number): Drafter =>
    of(
      (_, call) =>
        new Promise((resolve, reject) => {
          setTimeout(() => resolve({ ok: false, error: [{ code: 'TASKS1608', message: `did not answer within ${timeoutMs / 1_000} s` }] }), timeoutMs).unref();
          call.signal.addEventListener('abort', () => reject(call.signal.reason as Error), { once: true });
        }),
    );
  let count = 0;
  conformance({
    // Each of its own: the same request would be answered from the cache.
    answering: (answer) => cached({ name: 'inner', variant: `model ${(count += 1)}`, draft: async () => ({ ok: true, value: answer }) }),
    babbling: () => of(async () => ({ ok: false, error: [{ code: 'TASKS1608', message: 'no JSON' }] })),
    failing: () => of(async () => ({ ok: false, error: [{ code: 'TASKS1608', message: 'refused' }] })),
    hanging: slow,
  });
});

describe('the cache', () => {
  it('asks once for one question, whoever asks', async () => {
    const drafter = recordedDrafter('good');
    const first = await cached(drafter).draft(request, { signal });
    expect(await cached(drafter).draft(JSON.parse(JSON.stringify(request)), { signal })).toEqual(first);
    expect(drafter.asked).toHaveLength(1);
  });

  it('tells drafters, models and requests apart, and not the order of keys', () => {
    const keys = [
      cacheKey({ name: 'a', variant: 'm' }, request),
      cacheKey({ name: 'b', variant: 'm' }, request),
      cacheKey({ name: 'a', variant: 'n' }, request),
      cacheKey({ name: 'a', variant: 'm' }, { ...request, repair: { round: 1, findings: [], answer: {} } }),
    ];
    expect(new Set(keys).size).toBe(4);
    expect(cacheKey({ name: 'a', variant: 'm' }, Object.fromEntries(Object.entries(request).toReversed()) as unknown as typeof request)).toBe(keys[0]);
  });

  it('makes a plan again, repair rounds included, without anybody being asked', async () => {
    const drafter = recordedDrafter('garbage', 'false-quote', 'good');
    const first = await draftPlan({ ...specification(), drafter: cached(drafter), signal });
    expect(drafter.asked).toHaveLength(3);
    const silent: Drafter = { ...drafter, draft: () => Promise.reject(new Error('asked')) };
    expect(await draftPlan({ ...specification(), drafter: cached(silent, { isOnly: true }), signal })).toEqual(first);
  });

  it('refuses what is not in it where only it counts', async () => {
    const drafter = recordedDrafter('good');
    const result = await cached(drafter, { isOnly: true }).draft(request, { signal });
    expect(result).toMatchObject({ ok: false, error: [{ code: 'TASKS1608', message: 'the drafter recorded has not answered this before, and is not asked (--drafter-cache-only)' }] });
    expect(drafter.asked).toHaveLength(0);
    expect(await readdir(directory)).toEqual([]);
  });

  it('asks anew where that is wanted, and keeps the new answer', async () => {
    const drafter = recordedDrafter('garbage', 'good');
    await cached(drafter).draft(request, { signal });
    const fresh = await cached(drafter, { isFresh: true }).draft(request, { signal });
    expect(drafter.asked).toHaveLength(2);
    expect(await cached(drafter).draft(request, { signal })).toEqual(fresh);
  });

  it('keeps no failure, and takes a damaged entry as none', async () => {
    const failing: Drafter = { name: 'recorded', variant: 'good', draft: async () => ({ ok: false, error: [{ code: 'TASKS1608', message: 'busy' }] }) };
    await cached(failing).draft(request, { signal });
    expect(await readdir(directory)).toEqual([]);
    const drafter = recordedDrafter('good');
    for (const damaged of ['', '{"version":1', '{"version":2,"drafter":"recorded","variant":"good","answer":{}}', '{"version":1,"drafter":"recorded","variant":"good"}']) {
      await writeFile(join(directory, `${cacheKey(drafter, request)}.json`), damaged);
      expect((await cached(drafter).draft(request, { signal })).ok).toBe(true);
    }
    expect(drafter.asked).toHaveLength(4);
  });

  it('is for the user alone, and holds neither the document nor a key', async () => {
    await cached(recordedDrafter('good')).draft(request, { signal });
    const [name = ''] = await readdir(directory);
    const file = join(directory, name);
    expect((await stat(file)).mode & 0o077).toBe(0);
    const kept = await readFile(file, 'utf8');
    for (const text of [SECRET, 'FR-7: The system MAY', 'instructions']) expect(kept).not.toContain(text);
  });

  it('costs nothing but a call where it cannot be written', async () => {
    const drafter = recordedDrafter('good');
    await writeFile(join(directory, 'file'), '');
    expect((await cachedDrafter({ drafter, directory: join(directory, 'file', 'inside') }).draft(request, { signal })).ok).toBe(true);
  });
});
