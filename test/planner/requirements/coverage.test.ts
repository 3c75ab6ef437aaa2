import { expect, test } from 'vitest';
import { fileHash } from '../../../planner/artifacts/content-hash.ts';
import { coverageSchema } from '../../../planner/artifacts/coverage.schema.ts';
import { coverageOf } from '../../../planner/requirements/coverage.ts';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import { documentOf } from '../document/documents.ts';

const requirements = findRequirements(documentOf('# A\n\nThe page must load fast.\n\nThe page must sort its list.\n\nAdd a filter.\n\nRefunds are out of scope.\n'));
const timestamp = '2025-01-01T00:00:00Z';
const cover = (tasks: Parameters<typeof coverageOf>[0]['tasks'], reasons: ReadonlyMap<string, string> = new Map()) => coverageOf({ requirements, tasks, reasons, timestamp });

test('nothing is covered by no tasks', () => {
  expect(cover([])).toMatchObject({ normative: 0, all: 0 });
});

test('tasks and reasons count, in the order of the tasks', () => {
  const coverage = cover([{ id: 'P1.T002', requirements: ['R001', 'R001', 'nowhere'] }, { id: 'P1.T001', requirements: ['R001'] }, { id: 'P1.T003' }], new Map([['R002', 'Done already.'], ['R001', 'never said'], ['R003', ' ']]));
  expect(coverage).toMatchObject({ normative: 1, all: 2 / 3, requirements: [{ id: 'R001', tasks: ['P1.T002', 'P1.T001'] }, { id: 'R002', tasks: [], reason: 'Done already.' }, { id: 'R003', tasks: [] }] });
  expect(coverage.requirements.map((requirement) => 'reason' in requirement)).toEqual([false, true, false]);
});

test('it is a valid artifact with its own hash', () => {
  const coverage = cover([]);
  expect(coverageSchema.parse(coverage)).toEqual(coverage);
  expect(coverage.generated.contentHash).toBe(fileHash(coverage));
  expect(coverage.excludes).toHaveLength(1);
  expect(coverage.clarifications).toMatchObject([{ rule: 'vague-speed' }]);
});

test('a document without requirements has all of them covered', () => {
  expect(coverageOf({ requirements: { units: [], excludes: [], alternatives: [], clarifications: [] }, tasks: [], reasons: new Map(), timestamp })).toMatchObject({ normative: 1, all: 1 });
});
