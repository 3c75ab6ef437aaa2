/** `tasks preflight` and `tasks execute --preflight`, on a project that has one of each finding. */
import { cp, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import type { StoredPlan } from '../../../../model/graph.ts';
import { parsePatch } from '../../../../planner/read/parse-patch.ts';
import { EXECUTION, fakeClient, stateOf } from '../support/fake-client.ts';
import type { Ran, RunOptions } from '../support/run.ts';
import { run as runCommand } from '../support/run.ts';

const FIXTURE = fileURLToPath(new URL('../../../fixtures/preflight', import.meta.url));
let project: string;

beforeEach(async () => {
  project = await realpath(await mkdtemp(join(tmpdir(), 'tasks-cli-preflight-')));
  await cp(FIXTURE, project, { recursive: true });
});
afterEach(() => rm(project, { recursive: true, force: true }));

const run = (argv: readonly string[], options: RunOptions = {}): Promise<Ran> => runCommand(argv, { cwd: project, environment: { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }, ...options });

interface Answer {
  readonly certain: number;
  readonly likely: number;
  readonly findings: readonly { readonly code: string; readonly reason: string; readonly certainty: string; readonly task?: string; readonly place?: { readonly file: string; readonly line: number } }[];
  readonly patch: readonly unknown[];
  readonly assumptions: readonly string[];
}
const asked = async (...argv: readonly string[]): Promise<Ran & { readonly answer: Answer }> => {
  const ran = await run(['preflight', '.', '-o', 'json', ...argv]);
  return { ...ran, answer: JSON.parse(ran.stdout) as Answer };
};
/** Only what a patch can mend is left in the plan. */
const mendable = async (): Promise<void> => {
  const plan = JSON.parse(await readFile(join(project, 'tasks.v2.json'), 'utf8')) as { tasks: { id: string }[] };
  const hopeless = new Set(['build', 'check', 'sign', 'deploy', 'announce']);
  await writeFile(join(project, 'tasks.v2.json'), JSON.stringify({ ...plan, tasks: plan.tasks.filter(({ id }) => !hopeless.has(id)) }, undefined, 2));
  await rm(join(project, 'apps'), { recursive: true });
};

describe('tasks preflight', () => {
  test('finds one of each, with codes and places, and ends with 5', async () => {
    const { exit, answer } = await asked();
    expect(exit).toBe(5);
    expect(answer.findings.map(({ code, certainty, task }) => `${code} ${certainty} ${task ?? ''}`)).toEqual([
      'TASKS1501 certain P1.T026',
      'TASKS1506 certain pages',
      'TASKS1507 certain report',
      'TASKS1502 certain check',
      'TASKS1502 certain sign',
      'TASKS1503 certain build',
      'TASKS1505 certain sign',
      'TASKS1504 certain deploy',
      'TASKS1508 certain ',
      'TASKS1501 likely cleanup',
      'TASKS1504 likely announce',
    ]);
    expect(answer).toMatchObject({ certain: 9, likely: 2 });
    expect(answer.findings[0]).toMatchObject({ reason: 'order-missing', place: { file: join(project, 'tasks.v2.json'), line: 5 } });
    expect(answer.findings[8]).toMatchObject({ place: { file: join(project, 'apps/admin/src/index.js'), line: 1 } });
  });

  test('as text it says what, where, how sure, and the way out; the answer alone is on standard output', async () => {
    const { stdout, stderr } = await run(['preflight', '.']);
    expect(stdout).toContain(`certain: task "P1.T026" waits for nothing, although "P1.T001" should come first: it changes a file that speaks of "apps/web" [TASKS1501]\n  --> ${project}/tasks.v2.json:5:5`);
    expect(stdout).toContain('the patch adds the soft dependency P1.T001 → P1.T026');
    expect(stdout).toContain('likely: task "cleanup"');
    expect(stderr).toContain('Taken for granted: commands run on this machine');
    expect(stderr).toContain('The patch has 1 task and 8 dependencies: --patch FILE writes it');
  });

  test('what is only likely is no failure, and --certain leaves it out', async () => {
    await writeFile(join(project, 'tasks.v2.json'), JSON.stringify({ tasks: [{ id: 'move', cmd: 'true' }, { id: 'cleanup', cmd: 'true' }] }));
    await rm(join(project, 'apps'), { recursive: true });
    expect(await asked()).toMatchObject({ exit: 0, answer: { certain: 0, likely: 1 } });
    expect(await run(['preflight', '.', '--certain'])).toMatchObject({ exit: 0, stdout: 'Nothing was found.\n' });
  });

  test('elsewhere nothing of this machine is certain', async () => {
    const { answer } = await asked('--elsewhere');
    expect(answer.findings.filter(({ certainty }) => certainty === 'certain').map(({ code }) => code)).toEqual(['TASKS1501', 'TASKS1506', 'TASKS1507', 'TASKS1503', 'TASKS1508']);
    expect(answer.assumptions[0]).toContain('another machine');
  });

  test('--patch writes a hot update', async () => {
    const { stderr } = await run(['preflight', '.', '--patch', 'fix.json']);
    expect(stderr).toContain('written to fix.json');
    const parsed = parsePatch(JSON.parse(await readFile(join(project, 'fix.json'), 'utf8')), { fallbackId: 'x' });
    expect(parsed).toMatchObject({ ok: true, value: { patch: { tasks: [{ id: 'PREFLIGHT.install-missing-deps' }] } } });
    expect((await run(['preflight', '.', '--patch', 'nowhere/fix.json'])).stderr).toContain('the patch cannot be written');
  });

  test('without anything to patch no file is written', async () => {
    await writeFile(join(project, 'tasks.v2.json'), JSON.stringify({ tasks: [{ id: 'a', cmd: 'true' }] }));
    await rm(join(project, 'apps'), { recursive: true });
    expect((await run(['preflight', '.', '--patch', 'fix.json'])).stderr).toContain('fix.json is not written');
    await expect(readFile(join(project, 'fix.json'))).rejects.toThrow('ENOENT');
  });

  test('a plan from standard input, and one that is invalid', async () => {
    const stdin = JSON.stringify({ tasks: [{ id: 'a', cmd: 'surely-nowhere' }] });
    expect((await run(['preflight', '-'], { stdin })).stdout).toContain('TASKS1502');
    expect(await run(['preflight', '-'], { stdin: '{"tasks": 3}' })).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1006') as string });
  });

  test('--build runs in a throw-away worktree, and only then', async () => {
    await execa('git', ['init', '-q'], { cwd: project });
    await execa('git', ['add', '-A'], { cwd: project });
    await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x'], { cwd: project });
    const { exit, answer } = await asked('--build', 'touch made && node apps/admin/src/index.js');
    expect(exit).toBe(5);
    expect(answer.findings.map(({ code }) => code)).toContain('TASKS1509');
    await expect(readFile(join(project, 'made'))).rejects.toThrow('ENOENT');
    expect((await execa('git', ['worktree', 'list'], { cwd: project })).stdout.split('\n')).toHaveLength(1);
  });

  test('--build without a repository, one that takes too long, and Ctrl-C', async () => {
    expect(await run(['preflight', '.', '--build', 'true'])).toMatchObject({ exit: 5, stderr: expect.stringContaining('TASKS1510') as string });
    await execa('git', ['init', '-q'], { cwd: project });
    await execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'x', '--allow-empty'], { cwd: project });
    expect((await run(['preflight', '.', '--build', 'sleep 100', '--build-timeout', '1'])).stdout).toContain('likely: the dry-run build "sleep 100" took longer than 1 s');
    const interrupt = new Interrupt(() => {});
    const ran = await run(['preflight', '.', '--build', 'sleep 100'], { interrupt, onStderr: (text) => text.includes('Building') && setTimeout(() => interrupt.fire(), 500) });
    expect(ran).toMatchObject({ exit: 9, stdout: '' });
    expect((await execa('git', ['worktree', 'list'], { cwd: project })).stdout.split('\n')).toHaveLength(1);
  });
});

describe('tasks execute --preflight', () => {
  const started = (client: ReturnType<typeof fakeClient>): StoredPlan | undefined => client.calls.find(({ method }) => method === 'start')?.args[0] as StoredPlan | undefined;
  const client = () => fakeClient({ events: [], result: { outcome: 'succeeded', state: stateOf({ SUCCEEDED: 1 }) } });

  test('what cannot be mended keeps it from starting', async () => {
    const fake = client();
    const ran = await run(['execute', '.', '--preflight', '--detach'], { client: fake });
    expect(ran).toMatchObject({ exit: 5, stderr: expect.stringContaining('error: task "build": cmd runs the script "biuld"') as string });
    expect(started(fake)).toBeUndefined();
  });

  test('what is certain and can be mended is in the plan that starts; what is likely is said', async () => {
    await mendable();
    const fake = client();
    const { exit, stderr } = await run(['execute', '.', '--preflight', '--detach'], { client: fake });
    expect(exit, stderr).toBe(0);
    const plan = started(fake);
    const depsOf = (id: string, kind: 'deps' | 'soft'): readonly unknown[] => (plan?.graph.tasks.find((task) => task.id === id)?.[kind] ?? []).map((at) => plan?.graph.tasks[at]?.id);
    expect(depsOf('P1.T026', 'soft')).toEqual(['P1.T001']);
    expect(depsOf('pages', 'deps')).toEqual(['site']);
    expect(depsOf('report', 'deps')).toEqual(['P1.T001', 'tests']);
    expect(stderr).toContain('Preflight puts 0 tasks and 3 dependencies into the plan:\n  P1.T001 → P1.T026 (soft): it changes a file that speaks of apps/web');
    expect(stderr).toContain('likely: task "cleanup"');
  });

  test('accepted findings are left as they are', async () => {
    await mendable();
    const fake = client();
    const { stderr } = await run(['execute', '.', '--preflight', '--accept-findings', 'TASKS1501,TASKS1507', '--detach'], { client: fake });
    expect(stderr).toContain('Preflight puts 0 tasks and 1 dependency into the plan');
    expect(started(fake)?.graph.tasks.find(({ id }) => id === 'P1.T026')?.soft).toBeUndefined();
    expect((await run(['execute', '.', '--preflight', '--accept-findings', 'X'], { client: fake })).stderr).toContain('is no code of a finding');
  });

  test('a dry run shows the plan with what was put into it', async () => {
    await mendable();
    const { stdout } = await run(['execute', '.', '--preflight', '--dry-run', '-o', 'json']);
    const { tasks } = JSON.parse(stdout) as { tasks: readonly { id: string; deps: readonly string[] }[] };
    expect(tasks.find(({ id }) => id === 'pages')?.deps).toEqual(['site']);
  });

  test('after a failure the hint names the execution: the plan in the file is another one', async () => {
    await mendable();
    const fake = fakeClient({ events: [], result: { outcome: 'failed', state: stateOf({ SUCCEEDED: 1, FAILED: 1 }) } });
    expect((await run(['execute', '.', '--preflight'], { client: fake })).stdout).toContain(`--resume-from-checkpoint --execution ${EXECUTION}`);
  });
});
