/** What `tasks list` says of executions that Temporal only knows to be open. */
import { expect, test } from 'vitest';
import type { ExecutionSummary } from '../../../../client/api.ts';
import { standings } from '../../../../client/cli/standing.ts';
import type { ExecutionId } from '../../../../model/ids.ts';
import { TasksError } from '../../../../model/problem.ts';
import { fakeClient, stateOf } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

const idOf = (text: string): ExecutionId => text as ExecutionId;
const summary = (id: string, status: ExecutionSummary['status'] = 'running'): ExecutionSummary => ({ executionId: idOf(id), status, startedAt: '2026-01-15T09:00:00.000Z' });
const never = new Promise<never>(() => {});
const paused = stateOf({ PENDING: 1 }, { status: 'paused' });

test('a paused execution is paused, one that nobody answers for is running, one that has ended is not asked', async () => {
  const asked: string[] = [];
  const client = fakeClient({
    list: [summary('held'), summary('silent'), summary('done', 'succeeded')],
    overrides: {
      state: async (execution) => {
        asked.push(execution);
        return execution === idOf('held') ? paused : never;
      },
    },
  });
  const { stdout } = await run(['list'], { client });
  expect(stdout.split('\n').map((line) => line.split(/\s+/u).slice(0, 2).join(' '))).toEqual(['held paused', 'silent running', 'done succeeded', '']);
  expect(asked).toEqual(['held', 'silent']);
});

test('why one does not answer stands below it, and in the JSON', async () => {
  const problem = { code: 'TASKS2010', message: 'the workflow task of execution sick fails, attempt 4: no such function' } as const;
  const client = fakeClient({ list: [summary('sick')], overrides: { state: () => Promise.reject(new TasksError(problem)) } });
  expect((await run(['list'], { client })).stdout).toMatch(/^sick +running .*\n +error: the workflow task of execution sick fails, attempt 4/u);
  expect(JSON.parse((await run(['list', '-o', 'json'], { client })).stdout)).toEqual([{ ...summary('sick'), problem }]);
});

test('two hundred are asked, a few at once, and no more', async () => {
  let asking = 0;
  let most = 0;
  const client = fakeClient({
    overrides: {
      state: async () => {
        most = Math.max(most, (asking += 1));
        await Promise.resolve();
        asking -= 1;
        return paused;
      },
    },
  });
  const executions = Array.from({ length: 300 }, (_, at) => idOf(`e${at}`));
  const known = await standings({ client, executions });
  expect([...known.keys()]).toEqual(executions.slice(0, 200));
  expect(most).toBeLessThanOrEqual(20);
});

test('whoever has answered counts, though others have not when it has been silent for a while', async () => {
  const executions = ['a', 'b', 'c'].map(idOf);
  const client = fakeClient({ overrides: { state: (execution) => (execution === idOf('b') ? never : Promise.resolve(paused)) } });
  const known = await standings({ client, executions, silenceMs: 50 });
  expect([...known]).toEqual([['a', { status: 'paused' }], ['c', { status: 'paused' }]]);
});
