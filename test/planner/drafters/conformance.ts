/** What every drafter promises. Made by a function for each way in which whoever is behind it may behave. */
import { expect, it } from 'vitest';
import { makeRequest } from '../../../planner/drafters/draft-request.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { recorded, specification } from './rig.ts';

export interface Behaviours {
  /** Answers this. */
  readonly answering: (answer: unknown) => Drafter | Promise<Drafter>;
  /** Answers, and it is no JSON. */
  readonly babbling: () => Drafter | Promise<Drafter>;
  /** Fails, and says so in words that hold {@link SECRET}. */
  readonly failing: () => Drafter | Promise<Drafter>;
  /** Never answers; it has `timeoutMs` for it. */
  readonly hanging: (timeoutMs: number) => Drafter | Promise<Drafter>;
}

/** Is in the key, the environment, what is answered and what is said of failures. */
export const SECRET = 'sk-conform-4f9a8b7c6d5e4f3a2b1c';

export const request = makeRequest(specification());
const live = (): AbortSignal => new AbortController().signal;

export const conformance = ({ answering, babbling, failing, hanging }: Behaviours): void => {
  it('has a name and a variant, and no secret in them', async () => {
    const { name, variant } = await answering({});
    expect(name).toMatch(/^[a-z-]+$/);
    expect(`${name} ${variant}`).not.toContain(SECRET);
  });

  it('answers what is answered, whatever that is worth, and leaves the request as it is', async () => {
    const before = JSON.stringify(request);
    for (const answer of [recorded('good'), recorded('garbage'), { features: [] }]) expect(await (await answering(answer)).draft(request, { signal: live() })).toEqual({ ok: true, value: answer });
    expect(JSON.stringify(request)).toBe(before);
  });

  it('fails where the answer is no JSON, and says no secret', async () => {
    const result = await (await babbling()).draft(request, { signal: live() });
    expect(result).toMatchObject({ ok: false, error: [{ code: 'TASKS1608' }] });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('fails where whoever is behind it fails, and says no secret', async () => {
    const result = await (await failing()).draft(request, { signal: live() });
    expect(result).toMatchObject({ ok: false, error: [{ code: 'TASKS1608' }] });
    expect(JSON.stringify(result)).not.toContain(SECRET);
  });

  it('fails where there is no answer in time', async () => {
    const result = await (await hanging(300)).draft(request, { signal: live() });
    expect(result).toMatchObject({ ok: false, error: [{ code: 'TASKS1608', message: expect.stringContaining('did not answer within 0.3 s') as string }] });
  });

  it('ends with the reason of its signal, before and during a call', async () => {
    const drafter = await hanging(60_000);
    await expect(drafter.draft(request, { signal: AbortSignal.abort(new Error('before')) })).rejects.toThrow('before');
    const controller = new AbortController();
    const drafted = drafter.draft(request, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('during')), 150);
    const began = performance.now();
    await expect(drafted).rejects.toThrow('during');
    expect(performance.now() - began).toBeLessThan(10_000);
  });
};
