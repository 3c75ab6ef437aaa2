import { expect, test } from 'vitest';
import { attemptWorkflowId, executionWorkflowId, isExecutionId, isTaskId, parseAttemptWorkflowId, parseExecutionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';

test.each(['P1.T001a', 'AUTO.INSTALL.DEPS', 'T-SPEC-API', '0', 'constructor', 'a'.repeat(128)])('%s is an id of a task', (id) => {
  expect(isTaskId(id)).toBe(true);
});

test.each(['', '__proto__', '.', '..', '../x', 'a/b', 'a b', 'a\n', '-a', 'ä', '$(x)', 'a:b', 'a'.repeat(129)])('%j is none', (id) => {
  expect(isTaskId(id)).toBe(false);
});

test('an execution that a Schedule started has a time in its id', () => {
  expect(isExecutionId('nightly-2026-11-21T07:30:00Z')).toBe(true);
  expect(isExecutionId('a/b')).toBe(false);
});

test('workflow ids are read back as what they were made of', () => {
  const key = { execution: 'e-1' as ExecutionId, task: 'P1.T1' as TaskId, attempt: 12 };
  expect(parseAttemptWorkflowId(attemptWorkflowId(key.execution, key.task, key.attempt))).toEqual(key);
  expect(parseExecutionWorkflowId(executionWorkflowId(key.execution))).toBe('e-1');
  for (const other of ['tasks/e/t/x/0', 'tasks/e/t/x/1/2', 'tasks/e/r/1', 'other/e/t/x/1', 'tasks/e/t/__proto__/1', 'tasks/e/t/x/01']) {
    expect(parseAttemptWorkflowId(other)).toBeUndefined();
  }
  expect(parseExecutionWorkflowId('tasks/e/t/x/1')).toBeUndefined();
});
