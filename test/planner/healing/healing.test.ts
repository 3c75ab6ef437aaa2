/** What plans say of failures and their repair, as it is compiled. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_BREAKERS } from '../../../model/breaker.ts';
import { areaOf } from '../../../planner/healing/area.ts';
import { BUILT_IN_PLAYBOOKS } from '../../../planner/healing/built-in.ts';
import { repairTasks } from '../../../planner/healing/repair-tasks.ts';
import { mapPlaybook } from '../../../planner/healing/map-playbook.ts';
import { BUILT_IN_VARIABLES, undeclared } from '../../../planner/healing/variables.ts';
import { accepted, refused } from '../read/reading.ts';

const plan = (more: Readonly<Record<string, unknown>>) => ({ stdin: JSON.stringify({ tasks: [{ id: 'a', cmd: 'npm -w apps/web run build' }], ...more }) });
const problems = async (more: Readonly<Record<string, unknown>>): Promise<readonly string[]> => (await refused(plan(more))).map(({ code, message }) => `${code} ${message}`);

describe('circuit breakers', () => {
  test('are there without a word of the plan', async () => {
    expect((await accepted(plan({}))).plan.graph.policies.breakers).toEqual(DEFAULT_BREAKERS);
  });

  test('of spec/000 are read as they stand there', async () => {
    const { plan: stored } = await accepted(
      plan({
        circuit_breakers: [{ name: 'ui-missing-deps', match: { message_regex: "(Can't resolve|module not found).*(radix|lucide|class-variance)" }, action: 'batch_install_by_import_scan', scope: 'apps/*' }],
        playbooks: { batch_install_by_import_scan: { steps: ['scan > /tmp/imports.json', 'xargs -a /tmp/missing.txt npm -w ${workspace} install'] } },
      }),
    );
    expect(stored.graph.policies.breakers.at(-1)).toEqual({
      name: 'ui-missing-deps',
      on: { type: 'match', pattern: 'ui-missing-deps', threshold: 2, windowMs: 600_000 },
      action: { type: 'playbook', playbook: 'batch_install_by_import_scan' },
      scope: ['apps/*'],
      budget: 2,
      coolDownMs: 30_000,
    });
    expect(stored.graph.hasFailureRules).toBe(true);
    expect(stored.graph.tasks[0]?.area).toEqual(['apps/web']);
    expect(stored.healing).toMatchObject({
      patterns: [{ name: 'ui-missing-deps' }],
      playbooks: [{ name: 'batch_install_by_import_scan', steps: [{ name: '1', command: 'scan > /tmp/imports.json' }, { name: '2', eachWorkspace: true }] }],
    });
  });

  test('by the names of spec/000, and the threshold of spec/001', async () => {
    const policies = {
      circuit_breakers: { RepeatedSimilarErrors: { threshold: 3, window: '5m' }, TimeOverrun: {}, flapping: { enabled: false } },
      failure_handling: { failure_threshold: 0.3 },
    };
    const { breakers } = (await accepted(plan({ policies }))).plan.graph.policies;
    expect(breakers.map(({ name, on, action }) => [name, on.type, action.type])).toEqual([
      ['missing-dependencies', 'match', 'playbook'],
      ['rate-limit', 'match', 'throttle'],
      ['error-rate', 'error_rate', 'throttle'],
      ['RepeatedSimilarErrors', 'similar_errors', 'report'],
      ['TimeOverrun', 'time_overrun', 'diagnose'],
    ]);
    expect(breakers.find(({ name }) => name === 'RepeatedSimilarErrors')?.on).toMatchObject({ threshold: 3, windowMs: 300_000 });
    expect(breakers.find(({ name }) => name === 'error-rate')?.on).toMatchObject({ openAt: 0.3, reduceAt: 0.1 });
  });

  test('of which several parts speak are merged, member by member', async () => {
    const policies = { failure_handling: { failure_threshold: 0.4 }, circuit_breakers: { 'error-rate': { minimum: 20 }, mine: { match: { message_regex: 'x' }, budget: 5 } } };
    const { breakers } = (await accepted(plan({ policies, circuit_breakers: [{ name: 'mine', threshold: 7 }] }))).plan.graph.policies;
    expect(breakers.find(({ name }) => name === 'error-rate')?.on).toMatchObject({ openAt: 0.4, minimum: 20 });
    expect(breakers.find(({ name }) => name === 'mine')).toMatchObject({ on: { type: 'match', pattern: 'mine', threshold: 7 }, budget: 5 });
    const [problem] = await refused(plan({ policies: { circuit_breakers: { mine: { on: 'flapping', factor: 3 } } }, circuit_breakers: { mine: { budget: 1 } } }));
    expect([problem?.code, problem?.excerpt?.text.slice(problem.excerpt.from - 1, problem.excerpt.to - 1)]).toEqual(['TASKS1217', '3']);
  });

  test('that are wrong are refused, each with what it lacks', async () => {
    expect(
      await problems({
        circuit_breakers: [
          { name: 'a', match: { message_regex: 'x' }, action: 'batch_instal_by_import_scan' },
          { name: 'b', match: { message_regex: 'x' }, action: 'inject_task' },
          { name: 'c', match: { message_regex: 'x' }, action: 'replan' },
          { name: 'd', on: 'match', action: 'gate' },
          { name: 'e', on: 'flapping', threshold: 4 },
          { name: 'f', on: 'time_overrun', action: 'throttle' },
        ],
      }),
    ).toEqual([
      'TASKS1217 the breaker "a" has an action that is no playbook: "batch_instal_by_import_scan"',
      'TASKS1217 the breaker "b" injects a task and does not say which',
      'TASKS1217 the breaker "c" asks for another plan and does not say whom',
      'TASKS1217 the breaker "d" does not say what it matches',
      'TASKS1217 the breaker "e" has a "threshold" that means nothing for it',
      'TASKS1217 the breaker "f" cannot throttle a task that runs',
    ]);
    const [hinted] = await refused(plan({ circuit_breakers: [{ name: 'a', match: { message_regex: 'x' }, action: 'batch_instal_by_import_scan' }] }));
    expect(hinted?.hint).toBe('Did you mean "batch_install_by_import_scan"?');
    expect(await problems({ circuit_breakers: [{ name: 'a', match: { message_regex: '(' } }] })).toMatchObject([expect.stringContaining('TASKS1006')]);
    expect(await problems({ circuit_breakers: [{ name: 'a', tresh: 1 }] })).toMatchObject([expect.stringContaining('unknown key "tresh"')]);
  });
});

describe('playbooks', () => {
  test('whose variables nobody declares are refused; those of the shell and of the command itself are not', async () => {
    expect(await problems({ playbooks: { p: { steps: ['echo ${nobody}'] } } })).toEqual([expect.stringContaining('playbooks.p.steps[0]: ${nobody} is not declared')]);
    await accepted(plan({ playbooks: { p: { variables: { registry: 'https://r' }, steps: ['echo ${registry} ${workspace} ${HOME} $PATH; for each in a b; do echo ${each}; done; mine=1; echo ${mine:-2}'] } } }));
    expect(await problems({ playbooks: { p: { variables: { PATH: 'x' }, steps: ['true'] } } })).toEqual([expect.stringContaining('lower case')]);
    expect(await problems({ playbooks: { p: { steps: [{ name: 'x', cmd: 'a' }, { name: 'x', cmd: 'b' }] } } })).toEqual([expect.stringContaining('two steps called "x"')]);
  });

  test('become tasks, one after the other; values are environment, never shell text', () => {
    const playbook = mapPlaybook('p', { variables: { tool: '$(rm -rf /)' }, steps: [{ name: 'scan', cmd: 'scan', on_failure: 'continue' }, 'install -w ${workspace}', { cmd: 'done', timeout: '5m', retries: 3 }] });
    const tasks = repairTasks(playbook, { execution: 'e', breaker: 'ui deps', trip: 2, task: 'a', workspaces: ['apps/web', 'apps/"; x'] });
    expect(tasks.map(({ id }) => id)).toEqual(['AUTO.UI-DEPS.2.scan', 'AUTO.UI-DEPS.2.2.1', 'AUTO.UI-DEPS.2.2.2', 'AUTO.UI-DEPS.2.3']);
    expect(tasks[0]).toMatchObject({ cmd: 'scan', optional: true, deps: [], priority: 0, env: { tool: '$(rm -rf /)', workspaces: 'apps/web\napps/"; x' } });
    expect(tasks[1]).toMatchObject({ soft_deps: ['AUTO.UI-DEPS.2.scan'], env: { workspace: 'apps/web' } });
    expect(tasks[2]).toMatchObject({ cmd: 'install -w ${workspace}', deps: ['AUTO.UI-DEPS.2.2.1'], env: { workspace: 'apps/"; x' } });
    expect(tasks[3]).toMatchObject({ timeout: '300000ms', retries: 3 });
  });

  test('that there always are use nothing that is not declared', () => {
    const commands = BUILT_IN_PLAYBOOKS.flatMap(({ steps }) => steps.map(({ command }) => command));
    expect(commands.flatMap((command) => undeclared(command, BUILT_IN_VARIABLES))).toEqual([]);
    expect(commands.length).toBeGreaterThan(0);
  });
});

test.each([
  [{ cmd: 'npm -w apps/web run build' }, ['apps/web']],
  [{ cmd: 'cd packages/lib && make', smoke: 'pnpm --filter ./apps/admin test' }, ['packages/lib', 'apps/admin']],
  [{ directory: './apps/api/', artifacts: ['dist/**'] }, ['apps/api', 'dist/**']],
  [{ files_scope: { writes: ['src/*.py'] } }, ['src/*.py']],
  [{ cmd: 'echo cd; npm test' }, undefined],
])('%j is about %j', (task, expected) => {
  expect(areaOf(task)).toEqual(expected);
});
