/** What a plan directory is held to beyond the hard fails: schemas, hashes, references, quotes, conflicts, quality. */
import { describe, expect, test } from 'vitest';
import { documentOf, edgeOf } from '../support/bundle.ts';
import { brief, LINES, told, validated } from './reading.ts';
import type { Change } from './reading.ts';

const inFile = (file: string, changes: Readonly<Record<string, unknown>>, more: Partial<Change> = {}): Change => ({ ...more, edit: { [file]: changes } });
const db = { type: 'exclusive', location: 'db/', constraint: 'one', reason: 'a lock' };
const needsDb = (...tasks: readonly number[]) => ({ '/meta/codebase_analysis/shared_resources/db': db, ...Object.fromEntries(tasks.map((task) => [`/tasks/${task}/resource_requirements/estimated/exclusive_resources`, ['db']])) });
const apart = Array.from({ length: 9 }, (_, at) => ({ id: `T${at}` }));

const CASES: readonly (readonly [string, Change, readonly string[]])[] = [
  ['1309: a file is missing', { remove: ['waves.json'] }, ['TASKS1309 waves.json']],
  ['1309: meta is missing', { remove: ['.tasks-meta.json'] }, ['TASKS1309 .tasks-meta.json']],
  ['1309: the coverage map is ours, and need not be there', { remove: ['coverage.json'] }, []],
  ['1309: Markdown that says nothing', { text: { 'Decisions.md': '\n' } }, ['TASKS1309 Decisions.md']],
  ['1309: a field that the schema asks for', inFile('dag.json', { '/metrics/widthApprox': 'wide' }), ['TASKS1309 dag.json/metrics/widthApprox']],
  ['1309: a key with a slash and a tilde', inFile('dag.json', { '/metrics/resourceUtilization': { 'a/b~c': 3 } }), ['TASKS1309 dag.json/metrics/resourceUtilization/a~1b~0c']],
  ['1310: a task that was changed', inFile('tasks.json', { '/tasks/0/description': 'Another' }, { keepHashes: true }), ['TASKS1310 tasks.json/generated/contentHash', 'TASKS1310 tasks.json/tasks/0/contentHash', 'TASKS1310 .tasks-meta.json/files/tasks.json']],
  ['1310: Markdown that was changed', { text: { 'Plan.md': '# Another plan\n' }, keepHashes: true }, ['TASKS1310 .tasks-meta.json/files/Plan.md']],
  ['1310: a list of files that was changed', inFile('.tasks-meta.json', { '/planHash': '0'.repeat(64) }, { keepHashes: true }), ['TASKS1310 .tasks-meta.json/planHash']],
  ['1310: half a character has no hash', { text: { 'features.json': '{"generated": {"contentHash": "x"}, "features": [], "x": "\\ud800"}' }, keepHashes: true }, ['TASKS1309 features.json/generated/by', 'TASKS1309 features.json/generated/timestamp', 'TASKS1309 features.json/generated/contentHash', 'TASKS1310 features.json/generated/contentHash', 'TASKS1311 tasks.json/tasks/0/feature_id', 'TASKS1311 tasks.json/tasks/1/feature_id', 'TASKS1311 tasks.json/tasks/2/feature_id', 'TASKS1311 tasks.json/tasks/3/feature_id']],
  ['1311: a feature that is not there', inFile('tasks.json', { '/tasks/0/feature_id': 'F002' }), ['TASKS1311 tasks.json/tasks/0/feature_id']],
  ['1311: a feature that nobody serves', inFile('features.json', { '/features/1': { id: 'F002', title: 'x', description: '', priority: 'low', source_evidence: [{ quote: 'The system MUST do A.', loc: { start: 9, end: 30 }, section: 'H1: Notes', startLine: 3, endLine: 3 }] } }), ['(TASKS1311 features.json/features/1/id)']],
  ['1311: an order with another task', inFile('dag.json', { '/topo_order': ['A', 'B', 'C', 'D', 'E'] }), ['TASKS1311 dag.json/topo_order/4']],
  ['1311: an order that leaves one out', inFile('dag.json', { '/topo_order': ['A', 'B', 'C'] }), ['TASKS1311 dag.json/topo_order']],
  ['1311: an order the wrong way round', inFile('dag.json', { '/topo_order': ['A', 'B', 'D', 'C'] }), ['TASKS1311 dag.json/topo_order']],
  ['1311: an edge that tasks.json does not have', inFile('dag.json', { '/reduced_edges/0': ['B', 'C'], '/reduced_edges_sample': [] }), ['TASKS1311 dag.json/reduced_edges/0']],
  ['1311: a sample of what is not there', inFile('dag.json', { '/reduced_edges_sample/0': ['A', 'D'] }), ['TASKS1311 dag.json/reduced_edges_sample/0']],
  ['1311: a soft dependency that nobody has', inFile('dag.json', { '/softDeps': [{ from: 'A', to: 'D', type: 'knowledge', reason: 'x', confidence: 0.5 }] }), ['TASKS1311 dag.json/softDeps/0']],
  ['1311: counts of another graph', inFile('dag.json', { '/metrics/nodes': 5, '/metrics/edges': 3, '/metrics/edgeDensity': 0.5 }), ['TASKS1311 dag.json/metrics/nodes', 'TASKS1311 dag.json/metrics/edges', 'TASKS1311 dag.json/metrics/edgeDensity']],
  ['1311: a bottleneck of others', inFile('dag.json', { '/resource_bottlenecks': [{ resource: 'db', impact: 'x', affected_tasks: ['Z'], mitigation: 'x' }] }), ['TASKS1311 dag.json/resource_bottlenecks/0/affected_tasks/0']],
  ['1311: a wave too early', inFile('waves.json', { '/execution_models/wave_based/waves/1/tasks': ['B', 'D'], '/execution_models/wave_based/waves/2/tasks': ['C'] }), ['TASKS1311 waves.json/execution_models/wave_based/waves']],
  ['1311: waves out of order', inFile('waves.json', { '/execution_models/wave_based/waves/1/waveNumber': 3 }), ['TASKS1311 waves.json/execution_models/wave_based/waves/1/waveNumber']],
  ['1311: a task in two waves', inFile('waves.json', { '/execution_models/wave_based/waves/2/tasks': ['D', 'A'] }), ['TASKS1311 waves.json/execution_models/wave_based/waves/2/tasks/1', 'TASKS1311 waves.json/execution_models/wave_based/waves']],
  ['1311: waves of another plan', inFile('waves.json', { '/planId': 'PLAN-00000000' }), ['TASKS1311 waves.json/planId']],
  ['1311: more waves than there are, and too large ones', inFile('waves.json', { '/execution_models/wave_based/total_waves': 4, '/execution_models/wave_based/config/maxWaveSize': 1 }), ['TASKS1311 waves.json/execution_models/wave_based/waves/1/tasks', 'TASKS1311 waves.json/execution_models/wave_based/total_waves']],
  ['1311: a frontier that waits', inFile('waves.json', { '/execution_models/rolling_frontier/initial_frontier': ['B'] }), ['TASKS1311 waves.json/execution_models/rolling_frontier/initial_frontier/0']],
  ['1311: a coordinator of another graph', inFile('coordinator.json', { '/graph/nodes/3': { id: 'E' } }), ['TASKS1311 coordinator.json/graph/nodes/3/id', 'TASKS1311 coordinator.json/graph/nodes']],
  ['1311: an edge of the coordinator', inFile('coordinator.json', { '/graph/edges/0': { from: 'D', to: 'A' } }), ['TASKS1311 coordinator.json/graph/edges/0']],
  ['1311: an interface that nobody produces', inFile('tasks.json', { '/tasks/1/interfaces_consumed': ['AuthAPI:v2'] }), ['TASKS1311 tasks.json/tasks/1/interfaces_consumed/0']],
  ['1311: an interface of the code base', inFile('tasks.json', { '/tasks/1/interfaces_consumed': ['Logger:v1'] }), []],
  ['1311: an interface of another version', inFile('tasks.json', { '/tasks/0/interfaces_produced': ['AuthAPI:v1'], '/tasks/1/interfaces_consumed': ['AuthAPI:v2'] }), ['TASKS1311 tasks.json/tasks/1/interfaces_consumed/0']],
  ['1311: an interface with two producers', inFile('tasks.json', { '/tasks/0/interfaces_produced': ['AuthAPI:v2'], '/tasks/1/interfaces_produced': ['AuthAPI:v2'] }), ['TASKS1311 tasks.json/tasks/1/interfaces_produced/0']],
  ['1311: a consumer that does not wait', inFile('tasks.json', { '/tasks/1/interfaces_produced': ['AuthAPI:v2'], '/tasks/2/interfaces_consumed': ['AuthAPI:v2'] }), ['(TASKS1311 tasks.json/tasks/2/interfaces_consumed/0)']],
  ['1311: a requirement that is not there', inFile('tasks.json', { '/tasks/0/requirements': ['R-A', 'R-Z'] }), ['TASKS1311 tasks.json/tasks/0/requirements/1']],
  ['1311: one side of the coverage', inFile('coverage.json', { '/requirements/0/tasks': ['A', 'B'] }), ['TASKS1311 coverage.json/requirements/0/tasks/1']],
  ['1311: a coverage of another task', inFile('coverage.json', { '/requirements/0/tasks': ['A', 'Z'] }), ['TASKS1311 coverage.json/requirements/0/tasks/1']],
  ['1311: a share that is not so', inFile('coverage.json', { '/all': 0.5 }), ['TASKS1311 coverage.json/all']],
  ['1312: a quote that is not there', inFile('tasks.json', { '/tasks/0/source_evidence/0/quote': 'The system MUST do Z.' }), ['TASKS1312 tasks.json/tasks/0/source_evidence/0/quote']],
  ['1312: offsets beyond the end', inFile('tasks.json', { '/tasks/0/source_evidence/0/loc': { start: 9, end: 9_000 } }), ['TASKS1312 tasks.json/tasks/0/source_evidence/0/quote']],
  ['1312: another line', inFile('tasks.json', { '/tasks/0/source_evidence/0/startLine': 2, '/tasks/0/source_evidence/0/endLine': 4 }), ['TASKS1312 tasks.json/tasks/0/source_evidence/0/startLine', 'TASKS1312 tasks.json/tasks/0/source_evidence/0/endLine']],
  ['1312: nothing is compared where there is no document', inFile('tasks.json', { '/tasks/0/source_evidence/0/quote': 'The system MUST do Z.' }, { document: null }), []],
  ['1312: nor with a document that is another one', inFile('tasks.json', { '/tasks/0/source_evidence/0/quote': 'The system MUST do Z.' }, { document: `${documentOf(LINES)} ` }), []],
  ['1313: two need the same, and may meet', inFile('tasks.json', needsDb(1, 2)), ['TASKS1313 tasks.json/resource_conflicts']],
  ['1313: two need the same, one after the other', inFile('tasks.json', needsDb(0, 1, 3)), []],
  ['1313: without a resolution', inFile('tasks.json', { ...needsDb(1, 2), '/resource_conflicts/db': { tasks: ['B', 'C'], resolution: 'luck', rationale: 'x' } }), ['TASKS1309 tasks.json/resource_conflicts/db/resolution', 'TASKS1313 tasks.json/resource_conflicts/db/resolution']],
  ['1313: one left out', inFile('tasks.json', { ...needsDb(1, 2), '/resource_conflicts/db': { tasks: ['B', 'A'], resolution: 'wave_separation', rationale: 'x' } }), ['TASKS1313 tasks.json/resource_conflicts/db/tasks']],
  ['1313: one after the other, and no order', inFile('tasks.json', { ...needsDb(1, 2), '/resource_conflicts/db': { tasks: ['B', 'C'], resolution: 'sequential_ordering', rationale: 'x' } }), ['TASKS1313 tasks.json/resource_conflicts/db/suggested_order']],
  ['1313: an order against a dependency', inFile('tasks.json', { ...needsDb(0, 1, 2), '/resource_conflicts/db': { tasks: ['A', 'B', 'C'], resolution: 'sequential_ordering', suggested_order: ['B', 'A', 'C'], rationale: 'x' } }), ['TASKS1313 tasks.json/resource_conflicts/db/suggested_order/0']],
  ['1313: resolved', inFile('tasks.json', { ...needsDb(1, 2), '/resource_conflicts/db': { tasks: ['B', 'C'], resolution: 'sequential_ordering', suggested_order: ['B', 'C'], rationale: 'x' } }), []],
  ['1314: two write the same, and may meet', inFile('tasks.json', { '/tasks/1/files_scope/writes': ['src/api/**'], '/tasks/2/files_scope/writes': ['src/*/x.ts'] }), ['TASKS1314 tasks.json/tasks/1/files_scope/writes']],
  ['1314: two write the same, one after the other', inFile('tasks.json', { '/tasks/0/files_scope/writes': ['src/api/**'], '/tasks/2/files_scope/writes': ['src/api/*.ts'] }), []],
  ['1314: two write the same and need the same', inFile('tasks.json', { ...needsDb(1, 2), '/resource_conflicts/db': { tasks: ['B', 'C'], resolution: 'wave_separation', rationale: 'x' }, '/tasks/1/files_scope/writes': ['x'], '/tasks/2/files_scope/writes': ['x'] }), []],
  ['1321: a graph without edges', { lines: apart }, ['(TASKS1321 dag.json/metrics/edgeDensity)']],
  ['1322: titles without verbs', inFile('tasks.json', { '/tasks/0/title': 'Login endpoint' }), ['(TASKS1322 tasks.json/tasks)']],
  ['1324: too long, and too short', inFile('tasks.json', { '/tasks/0/duration': { optimistic: 10, mostLikely: 17, pessimistic: 20 }, '/tasks/1/duration': { optimistic: 1, mostLikely: 20, pessimistic: 29 }, '/tasks/1/durationUnits': 'minutes' }), ['(TASKS1324 tasks.json/tasks/0/duration)', '(TASKS1324 tasks.json/tasks/1/duration)']],
  ['1325: a requirement that nobody covers', { edit: { 'tasks.json': { '/tasks/0/requirements': [] }, 'coverage.json': { '/requirements/0/tasks': [], '/normative': 0.75, '/all': 0.75 } } }, ['(TASKS1325 coverage.json/requirements/0/tasks)']],
  ['1325: one that says why', { edit: { 'tasks.json': { '/tasks/0/requirements': [] }, 'coverage.json': { '/requirements/0/tasks': [], '/requirements/0/reason': 'It is there already' } } }, []],
];

test.each(CASES)('%s', (_name, change, wanted) => {
  const validation = validated(change);
  expect(brief(validation)).toEqual(wanted);
  expect(told(validation)).toMatchSnapshot();
  expect(validation.isValid).toBe(wanted.every((line) => line.startsWith('(')));
});

describe('metrics', () => {
  test('are those of what there is, not of what dag.json says', () => {
    const { metrics } = validated({ options: { dependencies: [edgeOf('A', 'D')] } });
    expect(metrics).toEqual({ features: 1, tasks: 4, dependencies: 5, edgeDensityBeforeReduction: 5 / 12, edgeDensity: 4 / 12, verbFirst: 1, evidence: 1, estimated: 1, wellSized: 1, reuse: 1, normativeCovered: 1 });
  });
});

describe('secrets in quotes', () => {
  const secret = 'The key is token=abcdefgh12345678 here.';
  const lines = LINES.slice(0, 1);
  const text = `${documentOf(lines)}${secret}\n`;
  const start = text.indexOf(secret);
  const quoting = (quote: string, from = start, to = start + secret.length) => inFile('tasks.json', { '/tasks/0/source_evidence/1': { quote, loc: { start: from, end: to }, section: 'H1: Notes', startLine: 4, endLine: 4 } }, { lines, options: { text } });

  test('are true where they are redacted, without moving offsets', () => {
    expect(brief(validated(quoting('The key is token=[REDACTED] here.')))).toEqual([]);
    expect(brief(validated(quoting('[REDACTED] here.', text.indexOf('abcdefgh'))))).toEqual([]);
  });

  test('are untrue where more than secrets is redacted', () => {
    expect(brief(validated(quoting('The [REDACTED] here.')))).toEqual(['TASKS1312 tasks.json/tasks/0/source_evidence/1/quote']);
    expect(brief(validated(quoting('[REDACTED]')))).toEqual(['TASKS1312 tasks.json/tasks/0/source_evidence/1/quote']);
  });
});
