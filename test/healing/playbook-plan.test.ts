/** A playbook that is run by itself: what becomes of its steps, and what is refused. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { DEFAULT_BREAKERS, INSTALL_PLAYBOOK } from '../../model/breaker.ts';
import type { Playbook } from '../../model/healing.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { TasksError } from '../../model/problem.ts';
import { listPlaybooks } from '../../planner/healing/list-playbooks.ts';
import { playbookPlan } from '../../planner/healing/playbook-plan.ts';
import type { PlaybookRun } from '../../planner/healing/playbook-plan.ts';
import { readPlan } from '../../planner/read/read-plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer } from '../support/server.ts';

const MEND: Playbook = {
  name: 'mend',
  variables: { target: 'local' },
  steps: [
    { name: '1', command: 'echo ${target}' },
    { name: 'strike', command: 'echo ${workspace}', directory: 'tools', timeoutMs: 90_000, retries: 3, onFailure: 'continue', eachWorkspace: true },
    { name: 'end', command: 'echo ${task}' },
  ],
};
const runOf = (run: Partial<Omit<PlaybookRun, 'variables'>> & { readonly variables?: Readonly<Record<string, string>> } = {}): PlaybookRun => ({
  playbook: MEND,
  workspaces: [],
  execution: 'run-1' as ExecutionId,
  ...run,
  variables: new Map(Object.entries(run.variables ?? { task: 'x' })),
});
const compiled = async (run: PlaybookRun) => {
  const plan = await playbookPlan(run);
  if (!plan.ok) throw new TasksError(plan.error);
  return plan.value;
};

describe('its steps', () => {
  it('are tasks, one after the other, for each workspace once, with their limits', async () => {
    const { graph, tasks } = await compiled(runOf({ workspaces: ['apps/web', './apps/api/', 'apps/web'] }));
    expect(graph.name).toBe('playbook mend');
    expect(graph.tasks.map(({ id }) => id)).toEqual(['step-1', 'strike.1', 'strike.2', 'end']);
    expect(graph.tasks.map(({ deps, soft }) => ({ deps, soft }))).toEqual([{}, { deps: [0] }, { soft: [1] }, { soft: [2] }]);
    expect(graph.tasks[1]).toMatchObject({ timeoutMs: 90_000, retry: { maxAttempts: 4 }, repairs: 'mend' });
    expect(graph.tasks.map(({ repairs }) => repairs)).toEqual([undefined, 'mend', 'mend', undefined]);
    expect(tasks.map(({ environment, directory }) => [environment?.['workspace'], directory])).toEqual([['apps/web', undefined], ['apps/web', 'tools'], ['apps/api', 'tools'], ['apps/web', undefined]]);
    expect(tasks[0]?.environment).toEqual({ target: 'local', workspace: 'apps/web', workspaces: 'apps/web\napps/api', task: 'x', breaker: '', execution: 'run-1' });
  });

  it('are looked at by no breaker, and judged by the rules of their plan', async () => {
    const plan = { graph: { ...(await compiled(runOf())).graph }, healing: { rules: [{ name: 'licence', pattern: 'no licence', class: 'external' as const }] }, machine: { cpu: { soft: 50 } } };
    const { graph, healing, machine } = await compiled(runOf({ plan }));
    expect(graph.policies.breakers).toEqual([]);
    expect({ rules: graph.hasFailureRules, healing, machine }).toEqual({ rules: true, healing: plan.healing, machine: plan.machine });
  });
});

describe('variables', () => {
  it('reach the steps as they are, whatever they hold, and never as text of a command', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 200 }).filter((text) => !/[\0\p{Surrogate}]/u.test(text)), async (value) => {
        const { tasks } = await compiled(runOf({ variables: { target: value, task: value } }));
        for (const { environment } of tasks) expect(environment).toMatchObject({ target: value, task: value });
        expect(tasks.map(({ command }) => command)).toEqual(['echo ${target}', 'echo ${workspace}', 'echo ${task}']);
      }),
      { numRuns: 50 },
    );
  });

  it.each<[string, Parameters<typeof runOf>[0], readonly string[]]>([
    ['that nobody declares', { variables: { task: 'x', tarjet: '1' } }, ['no variable "tarjet"', 'Did you mean "target"']],
    ['that is a key of every object', { variables: { task: 'x', constructor: '1' } }, ['no variable "constructor"']],
    ['that has another option', { variables: { task: 'x', workspace: 'a' } }, ['no variable "workspace"', '--workspace DIR']],
    ['that the run itself sets', { variables: { task: 'x', execution: 'a' } }, ['no variable "execution"', '--execution-id']],
    ['that no step uses', { variables: { task: 'x', breaker: 'a' } }, ['no variable "breaker"']],
    ['without a value', { variables: {} }, ['needs a value for ${task}', '--var task=VALUE']],
    ['with a NUL character', { variables: { task: 'a\0b' } }, ['NUL']],
    ['without an end', { variables: { task: 'a'.repeat(10_001) } }, ['longer than 10000']],
  ])('are refused: one %s', async (_, run, says) => {
    const plan = await playbookPlan(runOf(run));
    expect(plan).toMatchObject({ ok: false, error: [{ code: 'TASKS3010' }] });
    for (const text of says) expect(JSON.stringify(plan)).toContain(JSON.stringify(text).slice(1, -1));
  });

  it('are not asked for where the playbook declares them', async () => {
    const { tasks } = await compiled(runOf({ playbook: { ...MEND, variables: { target: 'local', task: 'own' } }, variables: {} }));
    expect(tasks[0]?.environment).toMatchObject({ task: 'own' });
  });
});

describe('workspaces', () => {
  it.each(['/etc', '..', '../x', 'a/../../x', '', 'a\0'])('outside are refused: %j', async (path) => {
    expect(await playbookPlan(runOf({ workspaces: ['apps', path] }))).toMatchObject({ ok: false, error: [{ code: 'TASKS1209' }] });
  });

  it('that no step looks at are refused', async () => {
    const playbook: Playbook = { name: 'blind', variables: {}, steps: [{ name: '1', command: 'true' }] };
    expect(await playbookPlan(runOf({ playbook, variables: {}, workspaces: ['apps'] }))).toMatchObject({ ok: false, error: [{ code: 'TASKS3010', message: expect.stringContaining('no step') as string }] });
  });
});

describe('the list', () => {
  it('has the built-in ones, and who uses them', () => {
    expect(listPlaybooks()).toMatchObject([{ playbook: { name: INSTALL_PLAYBOOK }, origin: 'built-in', breakers: [DEFAULT_BREAKERS[0]?.name] }]);
  });

  it("has the plan's own first, in place of those they are called like", async () => {
    const document = { tasks: [{ id: 'a', cmd: 'true' }], playbooks: { mine: { steps: ['true'] }, [INSTALL_PLAYBOOK]: { steps: ['npm ci'] } }, circuit_breakers: [{ name: 'x', match: { message_regex: 'x' }, action: 'mine' }, { name: 'y', match: { message_regex: 'y' }, action: 'mine' }] };
    const read = await readPlan({ source: { stdin: JSON.stringify(document) } });
    if (!read.ok) throw new TasksError(read.error);
    expect(listPlaybooks(read.value.plan)).toMatchObject([
      { playbook: { name: 'mine' }, origin: 'plan', breakers: ['x', 'y'] },
      { playbook: { name: INSTALL_PLAYBOOK, steps: [{ command: 'npm ci' }] }, origin: 'plan', breakers: ['missing-dependencies'] },
    ]);
  });
});

test('run by a worker, a step that may fail decides nothing, and no value becomes shell text', { timeout: 60_000 }, async () => {
  await using rig = await startRecoveryRig({ server: sharedServer() });
  await rig.worker();
  const steps = [
    { name: 'say', command: 'printf %s "${target}" > said' },
    { name: 'break', command: 'exit 3', retries: 0, onFailure: 'continue' as const },
    { name: 'end', command: 'printf %s "${execution}" > done' },
  ];
  const target = `$(touch pwned) \`touch pwned\` "; touch pwned '`;
  const plan = await compiled({ playbook: { name: 'mend', variables: { target: '' }, steps }, variables: new Map([['target', target]]), workspaces: [], execution: 'the-run' as ExecutionId });
  expect(await rig.tasks.result(await rig.start(plan))).toMatchObject({ outcome: 'succeeded', state: { counts: { SUCCEEDED: 2, FAILED: 1 } } });
  const written = (name: string): Promise<string> => readFile(join(rig.workspace, name), 'utf8');
  expect(await Promise.all(['said', 'done'].map(written))).toEqual([target, 'the-run']);
  await expect(written('pwned')).rejects.toThrow(/ENOENT/u);
});
