import { describe, expect, test } from 'vitest';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import type { RequirementUnit } from '../../../planner/requirements/unit.ts';
import { dataText, documentOf, hasData } from '../document/documents.ts';

const read = (name: string) => {
  const document = documentOf(dataText(name), name);
  return { document, ...findRequirements(document) };
};
const below = (units: readonly RequirementUnit[], section: string): readonly RequirementUnit[] => units.filter(({ evidence }) => evidence.section === section);

describe.skipIf(!hasData)('a specification by template', () => {
  const { document, units, excludes, clarifications } = hasData ? read('flatmate-life-spec.md') : read('');

  test('every id of the document is one unit, binding', () => {
    const stated = [...document.text.matchAll(/^- \*\*(FR-\d{3}[a-z]?)\*\*/gm)].map(([, key]) => key);
    const keyed = units.filter(({ key }) => key !== undefined);
    expect(stated).toHaveLength(52);
    expect(keyed.map(({ key }) => key)).toEqual(stated);
    expect(new Set(keyed.map(({ strength }) => strength))).toEqual(new Set(['must']));
    expect(keyed.find(({ key }) => key === 'FR-009a')?.evidence).toMatchObject({ quote: '**FR-009a**: System MUST allow only the creator to edit or delete their own expense entries', section: 'H4: Expense Tracking & Balances' });
  });

  test('scenarios, edge cases and entities', () => {
    expect(below(units, 'H3: Acceptance Scenarios').map(({ rule }) => rule)).toEqual(Array.from({ length: 7 }, () => 'scenario'));
    expect(below(units, 'H3: Edge Cases')).toHaveLength(8);
    expect(below(units, 'H3: Key Entities').map(({ text }) => text.split(':')[0])).toEqual(['Flatmate', 'Expense', 'Balance', 'Grocery Item', 'Chore', 'Chore Assignment', 'Gym Session', 'Fitness Goal', 'Note', 'Reminder', 'Chat Message']);
  });

  test('nothing of the template itself', () => {
    expect([...new Set(units.map(({ section }) => document.sections[section]?.kind))]).toEqual(['content']);
    expect(units).toHaveLength(52 + 7 + 8 + 11 + 1);
  });

  test('what is not to be done, and the one question that nobody answers', () => {
    expect(excludes.map(({ text }) => text)).toEqual(['Also do not implement user auth for now but can be added later"']);
    expect(clarifications.filter(({ kind }) => kind === 'open_question').map(({ evidence }) => evidence.quote)).toEqual(['How are reminders dismissed or marked as complete?']);
    expect(document.date).toBe('2025-10-04T00:00:00Z');
  });
});

describe.skipIf(!hasData)('a product requirements document', () => {
  const { units, excludes } = hasData ? read('sample-prd.md') : read('');

  test('features with their details', () => {
    const features = below(units, 'H1: Core Features');
    expect(features.filter(({ parent }) => parent === undefined).map(({ text }) => text.split(':')[0])).toEqual(['URL Input & Shortening', 'Short URL Display', 'URL Redirection', 'Basic Persistence']);
    expect(features.filter(({ parent }) => parent !== undefined)).toHaveLength(4);
  });

  test('the roadmap, and the chain with what depends on what', () => {
    const roadmap = below(units, 'H1: Development Roadmap');
    const chain = below(units, 'H1: Logical Dependency Chain');
    const named = (unit: RequirementUnit | undefined): readonly number[] => (unit?.mentions ?? []).map((id) => chain.findIndex((other) => other.id === id) + 1);
    expect(roadmap).toHaveLength(9);
    expect(roadmap.at(-1)?.text).toBe('Basic frontend input validation (check if likely a URL).');
    expect(chain.map(named)).toEqual([[], [], [], [], [3, 4], [3], [], [5, 7], [7, 8]]);
  });

  test('endpoints, the data model, mitigations; what is out of scope', () => {
    expect(units.filter(({ kind }) => kind === 'interface').map(({ rule, text }) => `${rule} ${text.split(':')[0] ?? ''}`)).toEqual(['entity Data Model', 'endpoint POST /api/shorten', 'endpoint GET /']);
    expect(units.filter(({ rule }) => rule === 'mitigation')).toHaveLength(3);
    expect(excludes.map(({ text }) => text.slice(0, 33))).toEqual(['Future Enhancements: User account', 'Advanced checks are out of scope.']);
    expect(below(units, 'H1: Overview')).toEqual([]);
    expect(below(units, 'H1: Appendix')).toEqual([]);
  });
});

describe.skipIf(!hasData)('a document of one feature', () => {
  const { document, units, excludes } = hasData ? read('loop-prd.md') : read('');

  test('stories by their ids, goals, options', () => {
    expect(units.filter(({ key }) => key !== undefined).map(({ key, rule }) => [key, rule])).toEqual(['US-1', 'US-2', 'US-3', 'US-4', 'US-5'].map((key) => [key, 'user-story']));
    expect(below(units, 'H2: Goals')).toHaveLength(6);
    expect(below(units, 'H3: Options').map(({ rule, text }) => [rule, text.split(/[ ,]/)[0]])).toEqual(['--iterations', '--prompt', '--progress-file', '--sleep', '--on-complete', '--tag', '--status'].map((flag) => ['option-row', flag]));
  });

  test('tests and metrics', () => {
    expect(['H3: Unit Tests', 'H3: Integration Tests', 'H3: E2E Tests'].map((section) => below(units, section).length)).toEqual([6, 3, 2]);
    expect(below(units, 'H2: Success Metrics').map(({ kind }) => kind)).toEqual(Array.from({ length: 6 }, () => 'quality'));
  });

  test('nothing of what stands in fences; non-goals and what comes later are excluded', () => {
    const fences = [...document.text.matchAll(/^```[\s\S]*?^```/gm)].map(({ index, 0: text }) => ({ from: index, to: index + text.length }));
    expect(fences.length).toBeGreaterThan(8);
    expect(units.filter(({ start }) => fences.some(({ from, to }) => start >= from && start < to))).toEqual([]);
    expect(excludes).toHaveLength(5 + 7);
  });
});
