/** What is declared, from all the places there are, and what is refused about it, with its line. */
import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../model/problem.ts';
import type { ReadPlan, ReadPlanOptions } from '../../../planner/read/read-plan.ts';
import { accepted, fixture, refused, summary, taskOf } from '../read/reading.ts';

const fenced = (files: Readonly<Record<string, string>>): { stdin: string } => ({
  stdin: Object.entries(files).map(([name, text]) => `---file:${name}\n${text}\n`).join(''),
});
const plan = (task: string, resources: string): { stdin: string } => ({ stdin: `{"tasks": [{"id": "a", "cmd": "x", ${task}}],\n"resources": {\n${resources}}}` });
const resourcesOf = (read: ReadPlan) => read.plan.graph.resources;
const texts = (problems: readonly Problem[]): readonly string[] => problems.map(({ message, hint }) => `${message}${hint === undefined ? '' : ` | ${hint}`}`);

describe('declared', () => {
  test("spec/000's catalogue, with the defaults of each kind, in a file beside the plan", async () => {
    const read = await accepted(
      fenced({
        'tasks.v2.json': '[{"id": "a", "cmd": "x", "resources": [{"name": "db.local", "units": 1, "access": "write"}, {"name": "cpu", "units": 2}]}]',
        'resources.json': `{"resources": {
          "db.local": {"capacity": 1, "mode": "exclusive", "class": "db", "lock_order": 10, "lock_domain": "db"},
          "cpu": {"capacity": 8, "mode": "semaphore", "class": "compute"},
          "slot": {"mode": "exclusive", "scope": "execution"}
        }, "profiles": {"local": {"db.local": 1, "cpu": 6}, "bare": {}}}`,
      }),
    );
    expect(resourcesOf(read)).toEqual([
      { name: 'db.local', mode: 'exclusive', capacity: 1, scope: 'global', domain: 'db', order: 10, class: 'db' },
      { name: 'cpu', mode: 'semaphore', capacity: 8, scope: 'execution', class: 'compute' },
      { name: 'slot', mode: 'exclusive', capacity: 1, scope: 'execution' },
    ]);
    expect(read.plan.catalogue).toEqual({
      resources: resourcesOf(read),
      profiles: [{ name: 'local', capacities: { 'db.local': 1, cpu: 6 } }, { name: 'bare', capacities: {} }],
    });
    expect(taskOf(read, 'a').asks).toEqual([{ resource: 'db.local', units: 1, access: 'write' }, { resource: 'cpu', units: 2, access: 'write' }]);
    expect(read.warnings).toEqual([]);
  });

  test('beside phases and beside a coordinator file as well', async () => {
    const resources = '{"resources": {"db": {"mode": "exclusive"}}}';
    for (const main of [{ 'p.yaml': 'phase_id: P\ntasks: [{id: a, cmd: x, locks: [db]}]' }, { 'coordinator.json': '{"graph": {"nodes": [{"id": "a", "cmd": "x", "locks": ["db"]}]}}' }]) {
      expect(resourcesOf(await accepted(fenced({ ...main, 'resources.json': resources })))).toMatchObject([{ name: 'db', scope: 'global' }]);
    }
  });

  test('parts that agree add up', async () => {
    const read = await accepted(
      fenced({
        'tasks.v2.json': '{"tasks": [{"id": "a", "cmd": "x", "locks": ["db"]}], "resources": {"db": {"mode": "exclusive", "lock_order": 3}}, "profiles": {"ci": {"db": 1}}}',
        'resources.json': '{"resources": {"db": {"mode": "exclusive", "capacity": 2, "lock_order": 3}}, "profiles": {"ci": {"db": 1}, "prod": {"db": 4}}}',
      }),
    );
    expect(resourcesOf(read)).toEqual([{ name: 'db', mode: 'exclusive', capacity: 2, scope: 'global', order: 3 }]);
    expect(read.plan.catalogue?.profiles).toEqual([{ name: 'ci', capacities: { db: 1 } }, { name: 'prod', capacities: { db: 4 } }]);
  });

  test("a v3 plan's own analysis: shared resources, and quotas of which a share is kept free", async () => {
    const read = await accepted({ path: fixture('tasks-v3') });
    expect(resourcesOf(read)).toEqual([
      { name: 'database_migrations', mode: 'exclusive', capacity: 1, scope: 'global' },
      { name: 'test_db_pool', mode: 'semaphore', capacity: 3, scope: 'global' },
      { name: 'cpu_millicores', mode: 'semaphore', capacity: 12_800, scope: 'execution' },
      { name: 'memory_mb', mode: 'semaphore', capacity: 26_214, scope: 'execution' },
      { name: 'avoid:P1.T004', mode: 'exclusive', capacity: 1, scope: 'execution' },
    ]);
    expect(taskOf(read, 'P1.T001').asks).toEqual([
      { resource: 'database_migrations', units: 1, access: 'write' },
      { resource: 'test_db_pool', units: 1, access: 'write' },
      { resource: 'cpu_millicores', units: 2_000, access: 'write' },
      { resource: 'memory_mb', units: 512, access: 'write' },
      { resource: 'avoid:P1.T004', units: 1, access: 'read' },
    ]);
  });

  test('of what the plan allows and what its workers have together, the smaller', async () => {
    const read = await accepted(
      fenced({
        'tasks.json': '{"tasks": [{"id": "a", "cmd": "x", "resource_requirements": {"estimated": {"cpu_cores": 0.3, "memory_mb": 0.5}}}], "dependencies": [], "meta": {"resource_limits": {"max_cpu_cores": 16, "max_memory_gb": 1}}}',
        'coordinator.json': '{"coordinator": {}, "worker_pool": {"max_workers": 2, "worker_template": {"resource_capacity": {"cpu_cores": 1.5, "memory_mb": 8192, "disk_io_mbps": 100}}}}',
      }),
    );
    expect(resourcesOf(read)?.map(({ name, capacity }) => [name, capacity])).toEqual([['cpu_millicores', 3_000], ['memory_mb', 1_024], ['disk_io_mbps', 200]]);
    expect(taskOf(read, 'a').asks?.map(({ resource, units }) => [resource, units])).toEqual([['cpu_millicores', 300], ['memory_mb', 1]]);
  });

  test('headroom never shuts out a task that fits alone', async () => {
    const tasks = [{ estimated: { memory_mb: 1 }, peak: { memory_mb: 900 } }, { estimated: { memory_mb: 1_000 } }].map((needs, at) => ({ id: `t${at}`, cmd: 'x', resource_requirements: needs }));
    const read = await accepted({ stdin: JSON.stringify({ tasks, dependencies: [], meta: { resource_limits: { max_memory_gb: 1 } } }) });
    expect(resourcesOf(read)).toMatchObject([{ name: 'memory_mb', capacity: 1_000 }]);
  });

  test("spec/002's locks and quotas, among resources of the catalogue", async () => {
    const read = await accepted({
      stdin: '{"graph": {"nodes": [{"id": "a", "cmd": "x", "locks": ["database", "deployment"], "resource_requirements": {"estimated": {"cpu_cores": 1}}}]}, "resources": {"locks": ["database"], "quotas": {"cpu_cores": 4, "licences": 2}, "deployment": {"mode": "exclusive", "scope": "execution"}}}',
    });
    expect(resourcesOf(read)).toEqual([
      { name: 'database', mode: 'exclusive', capacity: 1, scope: 'global' },
      { name: 'cpu_millicores', mode: 'semaphore', capacity: 4_000, scope: 'execution' },
      { name: 'licences', mode: 'semaphore', capacity: 2, scope: 'execution' },
      { name: 'deployment', mode: 'exclusive', capacity: 1, scope: 'execution' },
    ]);
  });

  test('what says itself that it is exclusive needs no declaration, and a warning', async () => {
    const read = await accepted({
      stdin: '{"tasks": [{"id": "a", "cmd": "x", "resource_requirements": {"estimated": {\n"exclusive_resources": ["deploy"]}}}, {"id": "b", "cmd": "x"}],\n"dependencies": [{"from": "a", "to": "b", "type": "mutual_exclusion",\n"shared_resource": "deploy"}]}',
    });
    expect(summary(read.warnings)).toEqual([['TASKS1210', 2]]);
    expect(resourcesOf(read)).toEqual([{ name: 'deploy', mode: 'exclusive', capacity: 1, scope: 'global' }]);
    expect(taskOf(read, 'b').asks).toEqual([{ resource: 'deploy', units: 1, access: 'write' }]);
  });

  test('a plan without resources carries none', async () => {
    const { plan } = await accepted({ stdin: '[{"id": "a", "cmd": "x"}]' });
    expect([plan.graph.resources, plan.catalogue, plan.graph.tasks[0]?.asks]).toEqual([undefined, undefined, undefined]);
  });

  test('a task of high risk has its locks to itself, whole; one of low risk only repeats an intent', async () => {
    const asks = async (risk: string) => taskOf(await accepted(plan(`"risk": {"level": "${risk}", "locks": ["db", "cpu"]}`, '"db": {"mode": "exclusive"}, "cpu": {"mode": "semaphore", "capacity": 4}')), 'a').asks;
    expect(await asks('high')).toEqual([{ resource: 'db', units: 1, access: 'write', whole: true }, { resource: 'cpu', units: 4, access: 'write', whole: true }]);
    expect(await asks('low')).toBeUndefined();
  });
});

type Row = readonly [title: string, source: { stdin: string }, problems: readonly (readonly [string, number | undefined])[]];
const ROWS: readonly Row[] = [
  ['a resource that nobody declares', plan('"locks": ["db"]', '"cpu": {"mode": "semaphore", "capacity": 1}'), [['TASKS1210', 1]]],
  ['a semaphore that is written, and no units', plan('"resources": [{"name": "cpu", "access": "write"}]', '"cpu": {"mode": "semaphore", "capacity": 1}'), [['TASKS1006', 1]]],
  ['a lock on a semaphore', plan('"locks": ["cpu"]', '"cpu": {"mode": "semaphore", "capacity": 1}'), [['TASKS1006', 1]]],
  ['a semaphore without a capacity', plan('"retries": 0', '"cpu": {"mode": "semaphore"}'), [['TASKS1006', 3]]],
  ['half a unit', plan('"resources": [{"name": "cpu", "units": 0.5}]', '"cpu": {"mode": "semaphore", "capacity": 1}'), [['TASKS1006', 1]]],
  ['more units than there are', plan('"resources": [{"name": "cpu", "units": 2}]', '"cpu": {"mode": "semaphore", "capacity": 1}'), [['TASKS1214', 1]]],
  ['what is not here', plan('"locks": ["db"]', '"db": {"mode": "exclusive", "capacity": 0}'), [['TASKS1214', 1]]],
  ['a reader of what is not here', plan('"resources": [{"name": "db", "access": "read"}]', '"db": {"mode": "exclusive", "capacity": 0}'), [['TASKS1214', 1]]],
  ['a capacity that is no whole number', plan('"retries": 0', '"cpu": {"mode": "semaphore", "capacity": 1.5},\n"io": {"mode": "semaphore", "capacity": -1}'), [['TASKS1006', 3], ['TASKS1006', 4]]],
  ['a mode that is not there, and one that is unknown', plan('"retries": 0', '"a": {"capacity": 1},\n"b": {"mode": "shared"}'), [['TASKS1006', 3], ['TASKS1006', 4]]],
  ['an unknown key', plan('"retries": 0', '"a": {"mode": "exclusive",\n"lockorder": 1}'), [['TASKS1006', 4]]],
  ['names with a colon are not for plans', plan('"retries": 0', '"conflict:a": {"mode": "exclusive"},\n"b": {"mode": "exclusive", "lock_domain": "a/b"}'), [['TASKS1006', 3], ['TASKS1006', 4]]],
  ['a domain of what only one execution sees', plan('"retries": 0', '"a": {"mode": "exclusive", "scope": "execution", "lock_domain": "x"}'), [['TASKS1006', 3]]],
  ['a profile of what is not declared', { stdin: '{"tasks": [{"id": "a", "cmd": "x"}],\n"profiles": {"ci": {\n"db": 1}}}' }, [['TASKS1210', 3]]],
  ['a quota that tasks exceed', { stdin: '{"tasks": [\n{"id": "a", "cmd": "x", "resource_requirements": {"estimated": {"cpu_cores": 2}}}], "dependencies": [], "meta": {"resource_limits": {"max_cpu_cores": 1}}}' }, [['TASKS1214', 2]]],
  ['a limited resource without its limit', { stdin: '{"tasks": [{"id": "a", "cmd": "x"}], "dependencies": [], "meta": {"codebase_analysis": {"shared_resources": {\n"pool": {"type": "shared_limited"}}}}}' }, [['TASKS1006', 2]]],
];

describe('refused', () => {
  test.each(ROWS)('%s', async (_title, source, expected) => {
    expect(summary(await refused(source))).toEqual(expected);
  });

  test('two catalogues that contradict each other, with both places', async () => {
    const problems = await refused(
      fenced({
        'tasks.v2.json': '{"tasks": [{"id": "a", "cmd": "x"}],\n"resources": {"db": {"mode": "exclusive", "lock_order": 1}},\n"profiles": {"ci": {"db": 1}}}',
        'resources.json': '{"resources": {\n"db": {"mode": "exclusive", "lock_order": 2, "class": "db"}},\n"profiles": {"ci": {"db": 0}}}',
      }),
    );
    expect(summary(problems)).toEqual([['TASKS1212', 2], ['TASKS1212', 3]]);
    expect(problems.map(({ message, related }) => [message, related?.[0]?.place?.line])).toEqual([
      ['the lock_order of the resource "db" is defined twice, and differently', 2],
      ['the capacity of "db" in the profile "ci" is defined twice, and differently', 3],
    ]);
  });

  test('the likely name is shown, and without one how to declare it', async () => {
    const [near] = texts(await refused(plan('"locks": ["db.lcoal"]', '"db.local": {"mode": "exclusive"}')));
    expect(near).toBe('task "a" asks for the resource "db.lcoal", which nobody declares | Did you mean "db.local"?');
    const [none] = texts(await refused({ stdin: '[{"id": "a", "cmd": "x", "locks": ["db"]}]' }));
    expect(none).toContain('\n  "resources": { "db": { "mode": "exclusive" } }');
  });
});

describe('profiles', () => {
  const source = plan('"resources": [{"name": "gpu", "units": 2}]', '"gpu": {"mode": "semaphore", "capacity": 0},\n"db": {"mode": "exclusive"}').stdin.replace(/\}$/, ', "profiles": {"big": {"gpu": 4}, "small": {"gpu": 1}}}');
  const of = (profile: string): ReadPlanOptions => ({ profile });

  test('put their capacities in place; the catalogue keeps what the plan says', async () => {
    const { plan: stored } = await accepted({ stdin: source }, of('big'));
    expect(stored.graph.resources).toMatchObject([{ name: 'gpu', capacity: 4 }, { name: 'db', capacity: 1 }]);
    expect(stored.catalogue).toMatchObject({ profile: 'big', resources: [{ name: 'gpu', capacity: 0 }, { name: 'db', capacity: 1 }] });
  });

  test('who cannot run under one is refused by name, and told which would do', async () => {
    expect(texts(await refused({ stdin: source }))).toEqual(['task "a" needs 2 of "gpu", which is not here: its capacity is 0 | There is enough of it with --profile big.']);
    expect(texts(await refused({ stdin: source }, of('small')))).toEqual(['task "a" needs 2 of "gpu", and there are 1 in the profile "small" | There is enough of it with --profile big.']);
  });

  test('one that is not there is refused with those there are', async () => {
    const problems = await refused({ stdin: source }, of('prod'));
    expect(problems).toContainEqual({ code: 'TASKS1213', message: 'the plan has no profile "prod"', hint: 'There are: big, small.' });
    expect(await refused({ stdin: '[{"id": "a", "cmd": "x"}]' }, of('prod'))).toMatchObject([{ code: 'TASKS1213' }]);
  });
});
