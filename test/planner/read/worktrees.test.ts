/** Where tasks run, as plans of every format and hot updates state it. */
import { describe, expect, test } from 'vitest';
import { readExecutionInput } from '../../../model/input-guard.ts';
import { isLinkPath, termsOf } from '../../../model/workspace.ts';
import { mergePolicies } from '../../../scheduler/policies.ts';
import { read } from '../write/live.ts';

const problemsOf = async (plan: unknown): Promise<string> => read(plan as never).then(() => 'none', (error: unknown) => String(error));

test('a policy holds for what a task leaves open, key by key', async () => {
  const { graph, tasks } = await read({
    policies: { workspace_mode: 'worktree', worktree: { link: ['node_modules', 'node_modules'], keep_failed: true } },
    tasks: [{ id: 'a', cmd: 'x' }, { id: 'b', cmd: 'x', workspace_mode: 'shared' }, { id: 'c', cmd: 'x', worktree: { link: [] } }],
  });
  const terms = tasks.map(({ workspaceTerms }) => termsOf(graph.policies.workspaceTerms, workspaceTerms));
  expect(terms).toEqual([
    { mode: 'worktree', link: ['node_modules'], keepFailed: true },
    { mode: 'shared', link: ['node_modules'], keepFailed: true },
    { mode: 'worktree', link: [], keepFailed: true },
  ]);
  expect(mergePolicies(graph.policies, { workspaceTerms: { mode: 'shared' } }).workspaceTerms).toEqual({ mode: 'shared', link: ['node_modules'], keepFailed: true });
  // Executions of before know of none, and carry none.
  expect('workspaceTerms' in mergePolicies((await read({ tasks: [{ id: 'a', cmd: 'x' }] })).graph.policies)).toBe(false);
});

describe('refused', () => {
  test.each<readonly [string, object, string]>([
    ['an unknown mode', { workspace_mode: 'private' }, 'workspace_mode: "private" is not accepted'],
    ['an unknown key', { workspace_mode: 'worktree', worktree: { links: ['x'] } }, 'worktree.links: unknown'],
    ['a path that leads out', { workspace_mode: 'worktree', worktree: { link: ['../x'] } }, 'worktree.link[0]: expected a path below the workspace'],
    ['a glob', { workspace_mode: 'worktree', worktree: { link: ['*/node_modules'] } }, 'worktree.link[0]: expected a path below the workspace'],
  ])('%s, of a task and of a policy', async (_, said, message) => {
    expect(await problemsOf({ tasks: [{ id: 'a', cmd: 'x', ...said }] })).toContain(`tasks[0].${message}`);
    expect(await problemsOf({ policies: said, tasks: [{ id: 'a', cmd: 'x' }] })).toContain(`policies.${message}`);
  });

  test('by an execution that was started by hand', () => {
    const input = (workspaceTerms: unknown): boolean => readExecutionInput({ plan: 'a'.repeat(64), policies: { workspaceTerms } }).ok;
    expect([input({ mode: 'worktree', link: ['node_modules'] }), input({ mode: 'x' }), input({ link: ['/etc'] }), input({ other: 1 })]).toEqual([true, false, false, false]);
  });
});

test.each([
  ['node_modules', true],
  ['web/node_modules', true],
  ['.venv', true],
  ['', false],
  ['.', false],
  ['a//b', false],
  ['/etc', false],
  ['a/../..', false],
  ['.git', false],
  ['sub/.GIT/hooks', false],
  ['.tasks/x', false],
  ['a\0b', false],
  ['a\\b', false],
  ['a/*', false],
  ['x'.repeat(501), false],
])('%j may be linked: %s', (path, may) => expect(isLinkPath(path)).toBe(may));
