import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskView } from '../../../../model/message.ts';
import type { Tasks } from '../../../../planner/artifacts/tasks.schema.ts';
import type { ReplanSummary } from '../../../../planner/replan/summary.ts';
import { EXECUTION, fakeClient, id } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

const SPEC = `# Flat

## Functional requirements

### Bills

- FR-001: The system must let flatmates record a bill with an amount and a payer.
- FR-002: The system must split a bill by percentage and calculate each share.

### Chores

- FR-003: The system must rotate chores with a round-robin schedule.
`;
const LATER = SPEC.replace('an amount and a payer', 'an amount, a payer and a receipt').concat('- FR-004: The system must remind flatmates by e-mail of a chore that is due.\n');

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'replan-'));
  await mkdir(join(root, 'code'));
  await writeFile(join(root, 'spec.md'), SPEC);
  await writeFile(join(root, 'later.md'), LATER);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const planned = async (name: string): Promise<string> => {
  const { exit, stderr } = await run(['plan', '--plan-doc', 'spec.md', '--codebase-path', 'code', '--output-dir', name, '--max-concurrent', '3'], { cwd: root });
  expect({ exit, stderr }).toMatchObject({ exit: 0 });
  return join(root, name);
};
const tasksOf = async (directory: string): Promise<Tasks['tasks']> => (JSON.parse(await readFile(join(directory, 'tasks.json'), 'utf8')) as Tasks).tasks;
const filesOf = async (directory: string): Promise<readonly (readonly [string, string])[]> => Promise.all((await readdir(directory)).toSorted().map(async (name) => [name, await readFile(join(directory, name), 'utf8')] as const));
const taskOf = (tasks: Tasks['tasks'], text: string): Tasks['tasks'][number] => tasks.find(({ title, category }) => title.includes(text) && category === 'implementation') ?? expect.fail(text);

test('the same document again writes nothing', async () => {
  const directory = await planned('same');
  const before = await filesOf(directory);
  const { exit, stdout, stderr } = await run(['replan', 'same', '--plan-doc', 'spec.md'], { cwd: root });
  expect({ exit, stdout }).toEqual({ exit: 0, stdout: 'same\n' });
  expect(stderr).toContain('nothing is written');
  expect(await filesOf(directory)).toEqual(before);
  expect((await readdir(root)).filter((name) => name.startsWith('same'))).toEqual(['same']);
});

test('a dry run says what would change and why, and writes nothing', async () => {
  const directory = await planned('dry');
  const before = await filesOf(directory);
  const { exit, stdout } = await run(['replan', 'dry', '--plan-doc', 'later.md', '--dry-run'], { cwd: root });
  expect(exit).toBe(0);
  expect(stdout).toMatch(/1 reworded, 1 new, 0 gone/);
  expect(stdout).toMatch(/~ FR-001 \(R001\) .*a payer.*→.*a receipt/);
  expect(stdout).toMatch(/\+ P1\.T\d+ Remind flatmates.*FR-004 \(R004\) is new/);
  expect(await filesOf(directory)).toEqual(before);
});

test('the plan is replaced, kept as it was, and valid; its options stay', async () => {
  const directory = await planned('kept');
  const before = await filesOf(directory);
  const old = taskOf(await tasksOf(directory), 'record a bill');
  const { exit, stdout } = await run(['replan', 'kept', '--plan-doc', 'later.md', '--finished', old.id, '-o', join(root, 'kept'), '--json'], { cwd: root });
  expect(exit).toBe(0);
  const answer = JSON.parse(stdout) as { readonly written: boolean; readonly kept: string; readonly planId: string; readonly from: string; readonly summary: ReplanSummary };
  expect(answer).toMatchObject({ written: true, kept: `${directory}.before-${answer.from}`, summary: { tasks: { finished: [old.id] }, ids: { share: 1 } } });
  expect(await filesOf(answer.kept)).toEqual(before);
  const now = await tasksOf(directory);
  expect(now.find((task) => task.id === old.id)).toEqual(old);
  expect(now.filter(({ title }) => title.startsWith(`Adapt what ${old.id} made`))).toHaveLength(1);
  const meta = JSON.parse(await readFile(join(directory, '.tasks-meta.json'), 'utf8')) as { readonly options: object; readonly replan: object };
  expect(meta).toMatchObject({ options: { max_concurrent: 3 }, replan: { from: [answer.from], finished: [old.id] } });
  expect(await readFile(join(directory, 'Plan.md'), 'utf8')).toContain(`## What changed since ${answer.from}`);
  expect(await run(['validate-plan', 'kept', '--document', 'later.md'], { cwd: root })).toMatchObject({ exit: 0 });
  // What is recorded as finished stays so.
  const again = await run(['replan', 'kept', '--plan-doc', 'spec.md', '--no-keep'], { cwd: root });
  expect(again.exit).toBe(0);
  expect((await tasksOf(directory)).find((task) => task.id === old.id)).toEqual(old);
  expect((await readdir(root)).filter((name) => name.startsWith('kept'))).toHaveLength(2);
});

const view = (task: string, state: TaskView['state']): TaskView => ({ task: id(task), state, attempt: 1, estimateMs: 0 });

test('what an execution has done is finished; what is under way by the old plan is told of', async () => {
  const directory = await planned('executed');
  const tasks = await tasksOf(directory);
  const [done, under] = [taskOf(tasks, 'Split a bill'), taskOf(tasks, 'record a bill')];
  const client = fakeClient({ tasks: [view(done.id, 'SUCCEEDED'), view(under.id, 'RUNNING'), view('INJECTED', 'SUCCEEDED')] });
  const gone = LATER.replace(/- FR-002.*\n/, '');
  await writeFile(join(root, 'gone.md'), gone);
  const { exit, stderr } = await run(['replan', 'executed', '--plan-doc', 'gone.md', '--execution', EXECUTION], { cwd: root, client });
  expect(exit).toBe(0);
  expect((await tasksOf(directory)).find((task) => task.id === done.id)).toEqual(done);
  expect(stderr).toContain(`under way in ${EXECUTION} by what the plan said before: ${under.id}`);
  expect(stderr).toContain('INJECTED');
  expect(stderr).toMatch(new RegExp(`${done.id} is done, and nothing of it is asked for any more: FR-002.*tasks rollback ${EXECUTION}`));
  expect(stderr).toContain(`--resume-from-checkpoint --execution ${EXECUTION}`);
});

test('@latest is the latest execution of the plan, and there may be none', async () => {
  await planned('latest');
  const { exit, stderr } = await run(['replan', 'latest', '--plan-doc', 'later.md', '--execution', '@latest'], { cwd: root, client: fakeClient() });
  expect({ exit, stderr }).toMatchObject({ exit: 1, stderr: expect.stringContaining('this plan has no execution') as string });
});

test('an execution of something else is refused', async () => {
  await planned('other');
  const { exit, stderr } = await run(['replan', 'other', '--plan-doc', 'later.md', '--execution', EXECUTION], { cwd: root, client: fakeClient({ tasks: [view('X', 'SUCCEEDED')] }) });
  expect({ exit, stderr }).toMatchObject({ exit: 1, stderr: expect.stringContaining('none of the tasks of this plan') as string });
});

test.each([
  ['without a document', ['replan', 'refused'], 1, 'there is no document to plan again'],
  ['with a document that is not there', ['replan', 'refused', '--plan-doc', 'nothing.md'], 1, 'TASKS1602'],
  ['with a task that the plan does not have', ['replan', 'refused', '--plan-doc', 'later.md', '--finished', 'P1.T00'], 1, 'the plan has no task "P1.T00"'],
  ['of a directory without a plan', ['replan', 'code', '--plan-doc', 'later.md'], 5, 'TASKS1309'],
])('%s it is refused', async (_, argv, exit, message) => {
  await planned('refused');
  const ran = await run(argv, { cwd: root });
  expect(ran.exit).toBe(exit);
  expect(ran.stderr).toContain(message);
});

test('a plan whose files are not what they should be is refused', async () => {
  const directory = await planned('broken');
  await writeFile(join(directory, 'coverage.json'), '{"requirements": 7}');
  const { exit, stderr } = await run(['replan', 'broken', '--plan-doc', 'later.md'], { cwd: root });
  expect({ exit, stderr }).toMatchObject({ exit: 5, stderr: expect.stringContaining('coverage.json is not what its schema asks for') as string });
});
