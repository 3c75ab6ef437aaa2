/** Both documents of one small plan, as a person reads them. Changed on purpose: `npx vitest run test/planner/prose -u`, then read the difference. */
import { expect, it } from 'vitest';
import { decisionsMarkdown } from '../../../planner/prose/decisions-markdown.ts';
import { planMarkdown } from '../../../planner/prose/plan-markdown.ts';
import { complete } from './complete.ts';

it('writes Plan.md as reviewed', async () => {
  await expect(planMarkdown(complete())).toMatchFileSnapshot('golden/Plan.md');
});

it('writes Decisions.md as reviewed', async () => {
  await expect(decisionsMarkdown(complete())).toMatchFileSnapshot('golden/Decisions.md');
});
