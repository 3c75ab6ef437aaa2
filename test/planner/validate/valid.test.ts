import { expect, test } from 'vitest';
import { validatePlan } from '../../../planner/validate/validate-plan.ts';
import { documentOf, filesOf, inDirectory, makeBundle } from '../support/bundle.ts';

const LINES = [{ id: 'A' }, { id: 'B', after: ['A'] }, { id: 'C', after: ['A'] }, { id: 'D', after: ['B', 'C'] }];

test('a plan that is what it has to be', async () => {
  await using plan = await inDirectory(filesOf(makeBundle(LINES)), documentOf(LINES));
  const validation = await validatePlan({ source: { path: plan.directory } });
  expect(validation.findings).toEqual([]);
  expect(validation).toMatchObject({ isValid: true, isDirectory: true, document: `${plan.root}/spec.md` });
});
