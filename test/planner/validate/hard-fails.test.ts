/** The eight hard fails of spec/001, one by one: each with its code, its file, and a pointer to what is to be mended. */
import { describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../../model/problem.ts';
import { HARD_FAIL_CODES } from '../../../planner/validate/rules.ts';
import { edgeOf } from '../support/bundle.ts';
import { brief, LINES, told, validated } from './reading.ts';
import type { Change } from './reading.ts';

const inTasks = (changes: Readonly<Record<string, unknown>>): Change => ({ edit: { 'tasks.json': changes } });
const wrongOrder = { optimistic: 4, mostLikely: 2, pessimistic: 1 };

const CASES: readonly (readonly [string, Change, readonly string[]])[] = [
  ['1301: tasks that wait for each other', { options: { dependencies: [edgeOf('D', 'A')] } }, ['TASKS1301 tasks.json/dependencies/0']],
  ['1301: mutual exclusions that go round', { lines: LINES.map((line) => ({ ...line, more: { files_scope: { reads: [], writes: line.id === 'A' || line.id === 'D' ? ['src/x.ts'] : [] } } })), options: { dependencies: [edgeOf('D', 'A', { type: 'mutual_exclusion' })] } }, ['TASKS1301 tasks.json/dependencies/0']],
  ['1301: a graph that says of itself that it is not in order', { edit: { 'dag.json': { '/ok': false, '/errors': ['a cycle'] } } }, ['TASKS1301 dag.json/ok']],
  ['1301: edges of dag.json that go round', { edit: { 'dag.json': { '/reduced_edges/4': ['D', 'A'] } } }, ['TASKS1301 dag.json/reduced_edges']],
  ['1302: a shared resource, and another type', inTasks({ '/dependencies/0/shared_resource': 'db' }), ['TASKS1302 tasks.json/dependencies/0/type', '(TASKS1311 tasks.json/dependencies/0/shared_resource)']],
  ['1302: a mutual exclusion of nothing', inTasks({ '/dependencies/0/type': 'mutual_exclusion' }), ['TASKS1302 tasks.json/dependencies/0']],
  [
    '1302: a reason that names what both need for themselves',
    inTasks({ '/tasks/0/resource_requirements/estimated/exclusive_resources': ['db'], '/tasks/1/resource_requirements/estimated/exclusive_resources': ['db'], '/meta/codebase_analysis/shared_resources/db': { type: 'exclusive', location: 'db/', constraint: 'one', reason: 'a lock' }, '/dependencies/0/reason': 'Both use db' }),
    ['TASKS1302 tasks.json/dependencies/0/reason'],
  ],
  ['1303: no quantity', inTasks({ '/tasks/1/boundaries/expected_complexity/value': 'some code' }), ['TASKS1303 tasks.json/tasks/1/boundaries/expected_complexity/value']],
  ['1303: no criterion', inTasks({ '/tasks/1/boundaries/definition_of_done/criteria': [' '] }), ['TASKS1303 tasks.json/tasks/1/boundaries/definition_of_done/criteria']],
  ['1303: no end', inTasks({ '/tasks/1/boundaries/definition_of_done/stop_when': undefined }), ['TASKS1303 tasks.json/tasks/1/boundaries/definition_of_done/stop_when']],
  ['1303: no scope', inTasks({ '/tasks/1/boundaries/scope': undefined }), ['TASKS1303 tasks.json/tasks/1/boundaries/scope/includes', 'TASKS1303 tasks.json/tasks/1/boundaries/scope/excludes']],
  ...['on_start', 'on_progress', 'on_completion'].map((key): readonly [string, Change, readonly string[]] => [`1303: no ${key}`, inTasks({ [`/tasks/1/execution_guidance/logging/${key}`]: '' }), [`TASKS1303 tasks.json/tasks/1/execution_guidance/logging/${key}`]]),
  [
    '1304: fewer than half are estimated',
    inTasks({ '/tasks/0/duration': wrongOrder, '/tasks/1/duration': wrongOrder, '/tasks/2/duration': wrongOrder }),
    ['TASKS1304 tasks.json/tasks', 'TASKS1309 tasks.json/tasks/0/duration', 'TASKS1309 tasks.json/tasks/1/duration', 'TASKS1309 tasks.json/tasks/2/duration'],
  ],
  ['1305: a task that cites nothing', inTasks({ '/tasks/1/source_evidence': [] }), ['TASKS1305 tasks.json/tasks/1/source_evidence']],
  ['1305: a dependency without evidence', inTasks({ '/dependencies/0/evidence': undefined }), ['TASKS1305 tasks.json/dependencies/0/evidence']],
  ['1305: a feature with an empty quote', { edit: { 'features.json': { '/features/0/source_evidence/0/quote': '' } } }, ['TASKS1305 features.json/features/0/source_evidence', 'TASKS1312 features.json/features/0/source_evidence/0/quote']],
  ['1306: checks for people alone', inTasks({ '/tasks/1/acceptance_checks': [{ type: 'manual', text: 'look' }] }), ['TASKS1306 tasks.json/tasks/1/acceptance_checks']],
  ['1306: a check of nothing', inTasks({ '/tasks/1/acceptance_checks': [{ type: 'command', cmd: ' ' }] }), ['TASKS1306 tasks.json/tasks/1/acceptance_checks']],
  ['1307: a secret', inTasks({ '/tasks/1/source_evidence/0/quote': 'password: hunter2' }), ['TASKS1307 tasks.json/tasks/1/source_evidence/0/quote', 'TASKS1312 tasks.json/tasks/1/source_evidence/0/quote']],
  ['1307: a secret in a reason', inTasks({ '/dependencies/0/reason': 'it needs token=abcdefgh1234' }), ['TASKS1307 tasks.json/dependencies/0/reason']],
  ['1308: no analysis', inTasks({ '/meta/codebase_analysis': undefined }), ['TASKS1308 tasks.json/meta/codebase_analysis']],
  ['1308: an analysis that leaves something out', inTasks({ '/meta/codebase_analysis/shared_resources': undefined }), ['TASKS1308 tasks.json/meta/codebase_analysis/shared_resources']],
];

test.each(CASES)('%s', (_name, change, wanted) => {
  const validation = validated(change);
  const relevant = brief(validation).filter((line) => !/TASKS13(?:11 (?:dag|waves|coordinator)|21|23)/.test(line));
  expect(relevant).toEqual(wanted);
  expect(told(validation)).toMatchSnapshot();
  expect(validation.isValid).toBe(false);
  for (const finding of validation.findings.filter(({ code }) => HARD_FAIL_CODES.includes(code))) {
    expect(finding.hint ?? '').not.toBe('');
    expect(finding.place?.line).toBeGreaterThan(0);
  }
});

test('there are eight of them', () => {
  expect(HARD_FAIL_CODES).toEqual(['TASKS1301', 'TASKS1302', 'TASKS1303', 'TASKS1304', 'TASKS1305', 'TASKS1306', 'TASKS1307', 'TASKS1308']);
  for (const code of HARD_FAIL_CODES) expect(PROBLEMS[code].exit).toBe(5);
});

describe('what is said', () => {
  test('a cycle is its path, with the place of every dependency', () => {
    const { findings } = validated({ options: { dependencies: [edgeOf('D', 'A')] } });
    const cycle = findings.find(({ code }) => code === 'TASKS1301');
    expect(cycle?.message).toBe('the tasks wait for each other: "A" → "B" → "D" → "A"');
    expect(cycle?.related?.map(({ message }) => message)).toEqual(['B waits for A', 'D waits for B', 'A waits for D']);
    for (const { place } of cycle?.related ?? []) expect(place?.line).toBeGreaterThan(1);
  });

  test('a secret never shows up, wherever it stands', () => {
    const validation = validated(inTasks({ '/tasks/0/source_evidence/0/quote': 'ghp_0123456789abcdefghij' }));
    expect(brief(validation)).toContain('TASKS1307 tasks.json/tasks/0/source_evidence/0/quote');
    expect(JSON.stringify(validation)).not.toContain('ghp_0123456789abcdefghij');
  });

  test('an exclusion by a resource that both ask for needs no name', () => {
    const lines = LINES.map((line) => (line.id === 'B' || line.id === 'C' ? { ...line, more: { files_scope: { reads: [], writes: ['src/shared/**'] } } } : line));
    const validation = validated({ lines, options: { dependencies: [edgeOf('B', 'C', { type: 'mutual_exclusion' })] } });
    expect(brief(validation).filter((line) => line.includes('1302') || line.includes('1314'))).toEqual([]);
  });
});
