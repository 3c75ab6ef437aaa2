/** `tasks validate-plan`, `show-plan`, `list-plans`, `diff-plan`, `archive-plan`, and what `execute` refuses, on real directories. */
import { chmod, mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contentHash } from '../../../../store/hash.ts';
import { bundleFiles, fenced } from '../../../../planner/artifacts/bundle.ts';
import { documentOf, edgeOf, filesOf, inDirectory, makeBundle, PLAN_ID } from '../../../planner/support/bundle.ts';
import { EXECUTION, fakeClient, stateOf } from '../support/fake-client.ts';
import type { Ran, RunOptions } from '../support/run.ts';
import { run as runCommand } from '../support/run.ts';

const LINES = [{ id: 'A' }, { id: 'B', after: ['A'] }, { id: 'C', after: ['A'] }, { id: 'D', after: ['B', 'C'] }];
let plan: Awaited<ReturnType<typeof inDirectory>>;
beforeEach(async () => {
  plan = await inDirectory(filesOf(makeBundle(LINES)), documentOf(LINES));
});
afterEach(() => plan[Symbol.asyncDispose]());

const run = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> => runCommand(argv, { cwd: plan.root, environment: { NO_COLOR: '1' }, ...options });
const edit = async (name: string, from: string | RegExp, to: string): Promise<void> => {
  const path = join(plan.directory, name);
  const text = await readFile(path, 'utf8');
  const changed = text.replace(from, to);
  expect(changed).not.toBe(text);
  await writeFile(path, changed);
};
const another = async (name: string, bundle = makeBundle(LINES)): Promise<string> => {
  const directory = join(plan.root, name);
  await mkdir(directory, { recursive: true });
  for (const [file, text] of filesOf(bundle)) await writeFile(join(directory, file), text);
  return directory;
};

describe('tasks validate-plan', () => {
  test('a valid plan ends with 0, and its numbers are shown', async () => {
    const { exit, stdout, stderr } = await run(['validate-plan', 'plan']);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toBe('notes is valid (T.A.S.K.S. v3): nothing was found\n  1 feature, 4 tasks, 4 dependencies\n  edge density 0.333 (0.333 before the reduction)\n  verb first 100 %, evidence 100 %, estimated 100 %, 2 to 8 hours 100 %\n  reuse of the code base 100 %, binding requirements covered 100 %\n');
  });

  test('what is wrong ends with 5, with place, line, pointer and the way out', async () => {
    await edit('tasks.json', '"on_start": "Log the start"', '"on_start": ""');
    const { exit, stdout } = await run(['validate-plan', 'plan']);
    expect(exit).toBe(5);
    expect(stdout).toContain('error: task "A" does not say what it logs on start: execution_guidance.logging.on_start (/tasks/0/execution_guidance/logging/on_start) [TASKS1303]');
    expect(stdout).toMatch(/--> .*\/plan\/tasks\.json:\d+:\d+\n +\d+ \| +"on_start": "",\n +\| +\^\^\n {2}help: What is written where\./);
    expect(stdout).toContain('notes is not valid (T.A.S.K.S. v3): 4 errors');
  });

  test('as JSON it has codes, reasons, files, pointers and lines', async () => {
    await edit('tasks.json', '"acceptance_checks": [', '"acceptance_checks": [], "was": [');
    const { stdout } = await run(['validate-plan', 'plan', '-o', 'json']);
    const answer = JSON.parse(stdout) as { readonly findings: readonly { readonly code: string }[] };
    expect(answer).toMatchObject({ isValid: false, errors: 4, warnings: 0, format: 'tasks.v3', document: join(plan.root, 'spec.md') });
    expect(answer.findings.find(({ code }) => code === 'TASKS1306')).toMatchObject({ severity: 'error', reason: 'check-missing', file: 'tasks.json', pointer: '/tasks/0/acceptance_checks', place: { file: join(plan.directory, 'tasks.json'), line: expect.any(Number) as number } });
  });

  test('warnings count only with --strict', async () => {
    await edit('tasks.json', /"title": "Add part A"/, '"title": "Part A"');
    await run(['validate-plan', 'plan', '--write-hashes']);
    expect(await run(['validate-plan', 'plan'])).toMatchObject({ exit: 0, stdout: expect.stringContaining('warning: 75 % of the titles begin with a verb') as string });
    expect(await run(['validate-plan', 'plan', '--strict'])).toMatchObject({ exit: 5 });
  });

  test('--write-hashes changes hashes and nothing else, once', async () => {
    await edit('tasks.json', '"description": "Part A of the whole"', '"description":    "Another"');
    await chmod(join(plan.directory, 'tasks.json'), 0o640);
    expect((await run(['validate-plan', 'plan'])).exit).toBe(5);
    const before = await readFile(join(plan.directory, 'tasks.json'), 'utf8');
    const first = await run(['validate-plan', 'plan', '--write-hashes']);
    expect(first).toMatchObject({ exit: 0, stderr: expect.stringContaining('Hashes made anew in 2 files: tasks.json, .tasks-meta.json') as string });
    const after = await readFile(join(plan.directory, 'tasks.json'), 'utf8');
    const masked = (text: string): string => text.replaceAll(/"contentHash": "[0-9a-f]+"/g, '"contentHash": ""');
    expect(masked(after)).toBe(masked(before));
    expect(after).toContain('"description":    "Another"');
    expect((await stat(join(plan.directory, 'tasks.json'))).mode & 0o777).toBe(0o640);
    expect((await run(['validate-plan', 'plan', '--write-hashes'])).stderr).toContain('nothing was written');
  });

  test('--write-hashes is refused where there is nothing to write into', async () => {
    expect(await run(['validate-plan', '-', '--write-hashes'], { stdin: '[]' })).toMatchObject({ exit: 1 });
    await writeFile(join(plan.root, 'bare.json'), '{"tasks": [{"id": "a"}]}');
    expect(await run(['validate-plan', 'bare.json', '--write-hashes'])).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1005') as string });
  });

  test('--document is compared, also when it is another one', async () => {
    await writeFile(join(plan.root, 'other.md'), `x${documentOf(LINES)}`);
    const { exit, stdout } = await run(['validate-plan', 'plan', '--document', 'other.md']);
    expect(exit).toBe(5);
    expect(stdout).toContain('it stands from 10 to 31');
    expect(stdout).toContain('is not the document that the plan was made of');
    expect(await run(['validate-plan', 'plan', '--document', 'nowhere.md'])).toMatchObject({ exit: 1, stderr: expect.stringContaining('TASKS1602') as string });
  });

  test.each(['../outside.md', '/etc/hostname', '..', 'a\\b'])('the name %j in meta is no path', async (name) => {
    await writeFile(join(plan.root, '..', 'outside.md'), documentOf(LINES)).catch(() => {});
    await edit('.tasks-meta.json', '"name": "spec.md"', `"name": ${JSON.stringify(name)}`);
    const { stdout } = await run(['validate-plan', 'plan', '-o', 'json']);
    expect(JSON.parse(stdout)).not.toHaveProperty('document');
  });

  test('a plan between fences is held to the same', async () => {
    const bundle = makeBundle(LINES);
    const files = bundleFiles(bundle).filter(({ name }) => name !== '.tasks-meta.json');
    expect(await run(['validate-plan', '-'], { stdin: fenced(files) })).toMatchObject({ exit: 0, stdout: expect.stringContaining('T.A.S.K.S. v3') as string });
    const broken = files.map((file) => (file.name === 'tasks.json' ? { ...file, text: file.text.replaceAll('"cmd": "npm test"', '"cmd": " "') } : file));
    expect((await run(['validate-plan', '-', '-o', 'json'], { stdin: fenced(broken) })).stdout).toContain('TASKS1306');
  });

  test('a plan that a person wrote is held to its structure', async () => {
    const { exit, stdout } = await run(['validate-plan', join(process.cwd(), 'examples/tasks-v3')]);
    expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'release-notes is valid (tasks.v3, its structure): nothing was found\n' });
  });

  test('a tasks.json in a plan directory is that directory', async () => {
    await edit('tasks.json', '"on_start": "Log the start"', '"on_start": ""');
    expect((await run(['validate-plan', 'plan/tasks.json', '-o', 'json'])).stdout).toContain('TASKS1303');
  });

  test('--schema prints one, and an unknown one is refused', async () => {
    expect(JSON.parse((await run(['validate-plan', '--schema', 'dag'])).stdout)).toMatchObject({ title: 'The graph of a plan' });
    expect((await run(['validate-plan', '--schema', 'dags'])).exit).toBe(1);
    expect((await run(['validate-plan'])).exit).toBe(1);
  });

  test('what cannot be read says so', async () => {
    expect(await run(['validate-plan', 'nowhere/at-all'])).toMatchObject({ exit: 5, stdout: expect.stringContaining('TASKS1001') as string });
    await writeFile(join(plan.directory, 'dag.json'), '{"a": 1, "a": 2');
    expect(await run(['validate-plan', 'plan'])).toMatchObject({ exit: 5, stdout: expect.stringContaining('TASKS1004') as string });
  });
});

describe('how a plan is named', () => {
  test('by a beginning of its id or name that only it has, in full, or @latest', async () => {
    await another('two/deep', makeBundle(LINES, { name: 'nothing-else' }));
    for (const name of ['notes', 'nothing', 'note']) expect((await run(['validate-plan', name])).exit).toBe(0);
    expect((await run(['show-plan', 'nothing', '-o', 'json'])).stdout).toContain('"name": "nothing-else"');
    expect(await run(['show-plan', 'not'])).toMatchObject({ exit: 1, stderr: expect.stringContaining('"not" could be 2 plans') as string });
    expect(await run(['show-plan', PLAN_ID])).toMatchObject({ exit: 1 });
    await utimes(join(plan.root, 'two/deep/tasks.json'), new Date(), new Date(Date.now() + 60_000));
    expect((await run(['show-plan', '@latest', '-o', 'json'])).stdout).toContain('"name": "nothing-else"');
  });

  test('what stands for nothing is a path that is not there', async () => {
    expect(await run(['show-plan', 'nobody'])).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1001') as string });
    expect(await run(['show-plan', '@latest'], { cwd: await another('empty/inner').then((path) => join(path, '..', '..', 'plan', '..', 'void')).then(async (path) => (await mkdir(path, { recursive: true }), path)) })).toMatchObject({ exit: 5, stderr: expect.stringContaining('there is no plan below') as string });
  });
});

describe('tasks show-plan', () => {
  test('as a tree by feature', async () => {
    const { stdout } = await run(['show-plan', 'plan']);
    expect(stdout).toBe(`notes ${PLAN_ID} (tasks.v3): 4 tasks, 4 dependencies, 3 levels, 17.3h of work, at least 13h
└─ F001 Notes
   ├─ A Add part A  4.3h
   ├─ B Write part B  4.3h  after A
   ├─ C Build part C  4.3h  after A
   └─ D Test part D  4.3h  after B, C
`);
  });

  test('as a line a task', async () => {
    const { stdout } = await run(['show-plan', 'plan', '--compact']);
    expect(stdout.split('\n')[3]).toBe('D\tTest part D\t4.3h\tB,C\tsrc/D.ts');
    expect((await run(['show-plan', 'plan', '--compact', '--as', 'dot'])).exit).toBe(1);
  });

  test('to be drawn, whatever titles hold', async () => {
    await edit('tasks.json', '"title": "Add part A"', '"title": "Add \\"]; click x <b>"');
    expect((await run(['show-plan', 'plan', '--as', 'mermaid'])).stdout).toContain('flowchart LR\n  t0["A<br/>Add #34;#93;; click x #60;b#62;"]\n');
    expect((await run(['show-plan', 'plan', '--as', 'mermaid'])).stdout).toContain('  t0 --> t1\n');
    expect((await run(['show-plan', 'plan', '--as', 'dot'])).stdout).toContain('"A" -> "B";');
  });

  test('as JSON, and of any format', async () => {
    const answer: unknown = JSON.parse((await run(['show-plan', 'plan', '--as', 'json'])).stdout);
    expect(answer).toMatchObject({ name: 'notes', planId: PLAN_ID, levels: 3, tasks: [{ id: 'A', after: [], writes: ['src/A.ts'], group: 'F001', level: 0 }, {}, {}, { id: 'D', after: ['B', 'C'] }] });
    expect((await run(['show-plan', join(process.cwd(), 'examples/quickstart')])).stdout).toContain('├─ Level 1\n');
  });
});

describe('tasks list-plans', () => {
  test('what there is, the newest first, valid or not', async () => {
    await another('other/b', makeBundle(LINES, { name: 'later' }));
    await edit('tasks.json', '"Part A of the whole"', '"Another"');
    await utimes(join(plan.directory, 'tasks.json'), new Date(0), new Date(0));
    const damaged = await another('broken');
    await writeFile(join(damaged, 'tasks.json'), '{');
    await utimes(join(damaged, 'tasks.json'), new Date(0), new Date(0));
    const { stdout, exit } = await run(['list-plans', '-o', 'json']);
    expect(exit).toBe(0);
    expect((JSON.parse(stdout) as readonly unknown[]).map((each) => each)).toMatchObject([
      { name: 'later', planId: PLAN_ID, tasks: 4, state: 'valid', timestamp: '2025-08-13T00:00:00.000Z' },
      { name: 'broken', state: 'damaged' },
      { name: 'notes', state: 'invalid', errors: 3 },
    ]);
    expect((await run(['list-plans'])).stdout.split('\n')[0]).toMatch(/^later {3}PLAN-a1b2c3d4 {2}4 tasks {2}.* ago {2}valid +other\/b$/);
  });

  test('other files called tasks.json, links, hidden directories and packages are passed over', async () => {
    await another('.hidden/x');
    await another('node_modules/x');
    await mkdir(join(plan.root, 'editor'));
    await writeFile(join(plan.root, 'editor/tasks.json'), '{"version": "2.0.0", "tasks": []}');
    await symlink(plan.root, join(plan.root, 'loop'));
    expect(JSON.parse((await run(['list-plans', '.', '-o', 'json'])).stdout)).toHaveLength(1);
  });

  test('a directory without any, and one that is not there', async () => {
    await mkdir(join(plan.root, 'void'));
    expect(await run(['list-plans', 'void'])).toMatchObject({ exit: 0, stdout: '', stderr: expect.stringContaining('There is no plan in') as string });
    expect(await run(['list-plans', 'nowhere'])).toMatchObject({ exit: 5 });
  });
});

describe('tasks diff-plan', () => {
  test('a plan does not differ from itself', async () => {
    expect(await run(['diff-plan', 'plan', 'plan', '--exit-code'])).toMatchObject({ exit: 0, stdout: 'The plans do not differ.\n' });
  });

  test('tasks, fields, dependencies, estimates and resources', async () => {
    const lines = [{ id: 'A', hours: 8, title: 'Rewrite part A' }, { id: 'B', after: ['A'] }, { id: 'D', after: ['B'] }, { id: 'E' }];
    await another('v2', makeBundle(lines, { text: documentOf([...LINES, { id: 'E' }]), dependencies: [edgeOf('E', 'D', { isHard: false })] }));
    const { stdout, exit } = await run(['diff-plan', 'plan', 'v2']);
    expect(exit).toBe(0);
    expect(stdout).toContain('  + E Test part E\n');
    expect(stdout).toContain('  - C Build part C\n');
    expect(stdout).toContain('  ~ A\n      duration: {"optimistic":2,"mostLikely":4,"pessimistic":8} → {"optimistic":4,"mostLikely":8,"pessimistic":16}\n      title: Add part A → Rewrite part A\n');
    expect(stdout).toContain('  + E → D (soft)\n');
    expect(stdout).toContain('  - C → D\n');
    expect(stdout).toContain('  ~ A: 4.3h → 8.7h\n');
    expect(stdout).not.toContain('contentHash');
    expect(await run(['diff-plan', 'plan', 'v2', '--exit-code', '-o', 'none'])).toMatchObject({ exit: 1, stdout: '' });
    expect(await run(['diff-plan', '-', '-'])).toMatchObject({ exit: 1 });
  });
});

describe('tasks archive-plan', () => {
  const line = { execution_id: EXECUTION, plan: contentHash('x'), event: 'ROLLBACK', time: '2026-01-01T00:00:00Z', rollback_of: EXECUTION, target: 'x', undone: [], not_undone: [], left: [] } as const;
  const client = () => fakeClient({ ledger: [line], list: [{ executionId: EXECUTION, status: 'succeeded', startedAt: '2026-01-01T00:00:00Z' }] });

  test('a copy with ledgers, which is never written over', async () => {
    await mkdir(join(plan.directory, 'checkpoints'));
    const fake = client();
    const { exit, stdout, stderr } = await run(['archive-plan', 'plan', '--tag', 'v1.0'], { client: fake, now: () => 0 });
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    const to = join(plan.root, 'archive/v1.0', `notes-${PLAN_ID}`);
    expect(stdout.trim()).toBe(to);
    expect((await readdir(to)).sort()).toEqual(['.tasks-meta.json', 'Decisions.md', 'Plan.md', 'archive.json', 'coordinator.json', 'coverage.json', 'dag.json', 'features.json', 'ledgers', 'tasks.json', 'waves.json']);
    expect(JSON.parse(await readFile(join(to, `ledgers/${EXECUTION}.jsonl`), 'utf8'))).toEqual(line);
    expect(JSON.parse(await readFile(join(to, 'archive.json'), 'utf8'))).toMatchObject({ tag: 'v1.0', name: 'notes', planId: PLAN_ID, archived_at: '1970-01-01T00:00:00.000Z', executions: [EXECUTION] });
    expect((await run(['validate-plan', to])).exit).toBe(0);
    const again = await run(['archive-plan', 'plan', '--tag', 'v1.0'], { client: fake });
    expect(again).toMatchObject({ exit: 6, stderr: expect.stringContaining('there is an archive of that name already') as string });
    expect(await readdir(join(plan.root, 'archive/v1.0'))).toHaveLength(1);
  });

  test('without a server there are no ledgers, and that is said', async () => {
    const { exit, stderr } = await run(['archive-plan', 'plan', '--tag', 'x', '--to', 'kept']);
    expect(exit).toBe(0);
    expect(stderr).toContain('without ledgers');
    expect(await readdir(join(plan.root, 'kept/x'))).toHaveLength(1);
    expect((await run(['archive-plan', 'plan', '--tag', 'y', '--no-ledger'])).stderr).not.toContain('without');
  });

  test.each(['', '..', 'a/b', '../x', '-x', 'a..b'])('the tag %j is refused', async (tag) => {
    expect((await run(['archive-plan', 'plan', `--tag=${tag}`, '--no-ledger'])).exit).toBe(1);
    expect(await readdir(plan.root)).toEqual(['plan', 'spec.md']);
  });
});

describe('tasks execute', () => {
  const client = () => fakeClient({ events: [], result: { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 1 }) } });
  const startOf = (fake: ReturnType<typeof fakeClient>) => fake.calls.find(({ method }) => method === 'start')?.args[1];

  test('refuses a plan directory with a hard fail, also to show what would run', async () => {
    await edit('tasks.json', '"on_start": "Log the start"', '"on_start": ""');
    const fake = client();
    for (const more of [['--detach'], ['--dry-run']]) expect(await run(['execute', 'plan', ...more], { client: fake })).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1303') as string });
    expect(startOf(fake)).toBeUndefined();
  });

  test('goes on where it was accepted by its code, and says so to the execution', async () => {
    await edit('tasks.json', '"on_start": "Log the start"', '"on_start": ""');
    const fake = client();
    const ran = await run(['execute', 'plan', '--detach', '--accept-findings', 'TASKS1303'], { client: fake });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(startOf(fake)).toMatchObject({ accepted: [{ code: 'TASKS1303', count: 1, by: expect.any(String) as string }] });
    expect(ran.stderr).toContain('the plan has hard fails that were accepted: 1 finding TASKS1303');
    expect((await run(['execute', 'plan', '--detach', '--accept-findings', 'TASKS1304'], { client: fake })).exit).toBe(5);
  });

  test('accepts nothing of structure', async () => {
    expect(await run(['execute', 'plan', '--detach', '--accept-findings', 'TASKS1205'], { client: client() })).toMatchObject({ exit: 1, stderr: expect.stringContaining('TASKS1205 cannot be accepted') as string });
  });

  test('a valid plan starts, and nothing is said to have been accepted', async () => {
    const fake = client();
    const ran = await run(['execute', 'notes', '--detach', '--accept-findings', 'TASKS1303'], { client: fake });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(startOf(fake)).not.toHaveProperty('accepted');
  });

  test('other findings, such as hashes, do not keep it from starting', async () => {
    await edit('tasks.json', '"Part A of the whole"', '"Another"');
    expect((await run(['execute', 'plan', '--detach'], { client: client() })).exit).toBe(0);
  });

  test('a plan from a pipe is refused alike, and read once', async () => {
    const files = bundleFiles(makeBundle(LINES)).map((file) => (file.name === 'tasks.json' ? { ...file, text: file.text.replaceAll('"on_start": "Log the start"', '"on_start": ""') } : file));
    expect(await run(['execute', '-', '--dry-run'], { stdin: fenced(files) })).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1303') as string });
    expect(await run(['execute', '-', '--dry-run', '--accept-findings', 'TASKS1303'], { stdin: fenced(files) })).toMatchObject({ exit: 0 });
  });
});
