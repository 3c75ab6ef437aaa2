import { expect, it } from 'vitest';
import { breakDown } from '../../../planner/breakdown/break-down.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { draftPlan } from '../../../planner/drafters/draft-plan.ts';
import { recordedDrafter, specification } from './rig.ts';

const against = specification();
const run = (drafter: Drafter, signal = new AbortController().signal) => draftPlan({ ...against, drafter, signal });
const rules = breakDown(against.document, against.requirements, against.codebase);

it('asks once when all holds', async () => {
  const drafter = recordedDrafter('good');
  const drafted = await run(drafter);
  expect(drafter.asked).toHaveLength(1);
  expect(drafted).toMatchObject({ usedDrafter: 'recorded', warnings: [] });
  expect(drafted.breakdown.tasks).toHaveLength(7);
  expect(drafted.rounds[0]).toBe('asked: 7 of 7 tasks hold, 0 findings to mend');
});

it('asks again with what did not hold, and takes what was mended', async () => {
  const drafter = recordedDrafter('garbage', 'good');
  const drafted = await run(drafter);
  expect(drafter.asked).toHaveLength(2);
  expect(drafter.asked[1]?.repair).toMatchObject({ round: 1, findings: ['the answer has no "features" or no "tasks"'], answer: { tasks: 'many' } });
  expect(drafted).toMatchObject({ usedDrafter: 'recorded', warnings: [] });
});

it('asks three times at most, and takes the best of the answers', async () => {
  const drafter = recordedDrafter('careless', 'false-quote', 'cyclic');
  const drafted = await run(drafter);
  expect(drafter.asked.map(({ repair }) => repair?.round)).toEqual([undefined, 1, 2]);
  expect(drafted.usedDrafter).toBe('recorded');
  expect(drafted.report.some((line) => line.includes('fingerprint'))).toBe(true);
});

it('lets the offline draft stand in when nothing is usable, and says so', async () => {
  const drafter = recordedDrafter('garbage');
  const drafted = await run(drafter);
  expect(drafter.asked).toHaveLength(3);
  expect(drafted.usedDrafter).toBeUndefined();
  expect(drafted.breakdown).toEqual(rules);
  expect(drafted.dependencies).toEqual([]);
  expect(drafted.warnings).toEqual([expect.objectContaining({ code: 'TASKS1608', message: 'the drafter recorded: none of its 3 answers was usable' })]);
});

it('lets the offline draft stand in when the drafter fails or breaks down', async () => {
  const failing: Drafter = { name: 'failing', variant: '', draft: async () => ({ ok: false, error: [{ code: 'TASKS1608', message: 'nobody answers' }] }) };
  expect(await run(failing)).toMatchObject({ usedDrafter: undefined, warnings: [{ code: 'TASKS1608', message: 'nobody answers' }], breakdown: rules });
  const broken: Drafter = {
    name: 'broken',
    variant: '',
    draft: async () => {
      throw new TypeError('sk-live-1234567890abcdef in the text of an error');
    },
  };
  const drafted = await run(broken);
  expect(drafted).toMatchObject({ usedDrafter: undefined, warnings: [{ message: 'the drafter broken: it broke down (TypeError)' }] });
  expect(JSON.stringify(drafted.warnings)).not.toContain('sk-live');
});

it('keeps a usable draft when asking again fails', async () => {
  let calls = 0;
  const first = recordedDrafter('false-quote');
  const drafter: Drafter = { ...first, draft: async (request, call) => ((calls += 1) === 1 ? first.draft(request, call) : { ok: false, error: [{ code: 'TASKS1608', message: 'rate limited' }] }) };
  expect(await run(drafter)).toMatchObject({ usedDrafter: 'recorded', warnings: [{ message: 'rate limited' }] });
});

it('ends with the reason of its signal', async () => {
  const controller = new AbortController();
  const drafter: Drafter = {
    name: 'slow',
    variant: '',
    draft: async () => {
      controller.abort(new Error('interrupted'));
      return { ok: true, value: {} };
    },
  };
  await expect(run(drafter, controller.signal)).rejects.toThrow('interrupted');
});
