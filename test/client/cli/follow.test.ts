import { expect, test } from 'vitest';
import { follow } from '../../../client/cli/follow.ts';
import type { Silence } from '../../../client/cli/follow.ts';
import { Interrupt } from '../../../client/cli/interrupt.ts';
import type { Context } from '../../../client/cli/context.ts';
import type { ExecutionEvent } from '../../../model/event.ts';
import { TasksError } from '../../../model/problem.ts';
import type { TasksClient } from '../../../client/api.ts';
import { EXECUTION, fakeClient, stateOf } from './support/fake-client.ts';
import { EVENTS } from './view/fixtures.ts';

const contextOf = (interrupt = new Interrupt(() => {})): Context => ({ interrupt, out: { isLive: false } }) as unknown as Context;

const followed = async (client: TasksClient, options: { interrupt?: Interrupt; silenceMs?: number; onSilence?: (silence: Silence) => void } = {}) => {
  const seen: ExecutionEvent[] = [];
  const result = await follow(contextOf(options.interrupt), {
    client,
    execution: EXECUTION,
    views: [{ event: (event) => seen.push(event) }],
    onSilence: options.onSilence ?? (() => {}),
    ...(options.silenceMs !== undefined && { silenceMs: options.silenceMs }),
  });
  return { result, seen };
};

test('a worker that dies or a server that restarts is waited out: every event comes, once', async () => {
  let tries = 0;
  let ended: (() => void) | undefined;
  const end = new Promise<void>((resolve) => (ended = resolve));
  const client = fakeClient({
    overrides: {
      async *events(_execution, options) {
        tries += 1;
        for (const event of EVENTS) {
          if (event.seq < (options?.from ?? 1)) continue;
          if (tries === 1 && event.seq === 5) throw new TasksError({ code: 'TASKS2007', message: 'no worker answers' });
          yield event;
        }
        ended?.();
      },
      result: async () => {
        await end;
        return { outcome: 'failed', state: stateOf({ SUCCEEDED: 3 }) };
      },
    },
  });
  const { result, seen } = await followed(client);
  expect(seen).toEqual(EVENTS);
  expect(result).toMatchObject({ ended: true, outcome: 'failed' });
});

test('an error that does not pass is not waited out', async () => {
  const error = new TasksError({ code: 'TASKS3001', message: 'there is no such execution' });
  const client = fakeClient({ hangs: true, overrides: { events: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) }) } });
  await expect(followed(client)).rejects.toThrow('there is no such execution');
});

test.each([
  ['a worker is missing', true],
  ['the server does not answer', false],
] as const)('when nothing was heard, it is said once that %s', async (_what, serverAnswers) => {
  const interrupt = new Interrupt(() => {});
  const client = fakeClient({ hangs: true, overrides: { list: () => (serverAnswers ? Promise.resolve([]) : Promise.reject(new Error('down'))) } });
  const said: Silence[] = [];
  const { result } = await followed(client, {
    interrupt,
    silenceMs: 5,
    onSilence: (silence) => {
      said.push(silence);
      interrupt.fire();
    },
  });
  expect(said).toEqual([{ serverAnswers }]);
  expect(result.ended).toBe(false);
});

test('when it is the worker that fails, that is what is said', async () => {
  const interrupt = new Interrupt(() => {});
  const problem = { code: 'TASKS2010', message: 'its workflow task fails, attempt 4' } as const;
  const client = fakeClient({ hangs: true, overrides: { events: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new TasksError(problem)) }) }) } });
  const said: Silence[] = [];
  await followed(client, {
    interrupt,
    silenceMs: 5,
    onSilence: (silence) => {
      said.push(silence);
      interrupt.fire();
    },
  });
  expect(said).toEqual([{ serverAnswers: true, problem }]);
});

test('an execution that has been heard of is not called silent', async () => {
  const said: Silence[] = [];
  await followed(fakeClient({ events: EVENTS }), { silenceMs: 1, onSilence: (silence) => said.push(silence) });
  expect(said).toEqual([]);
});

test('what an earlier execution had finished counts as done', async () => {
  const client = fakeClient({ events: EVENTS.slice(0, 1), overrides: { state: async () => stateOf({ SUCCEEDED: 4, PENDING: 3 }) } });
  const followedRun = await follow(contextOf(), { client, execution: EXECUTION, views: [], onSilence: () => {}, resumed: true });
  expect(followedRun.board.carried).toBe(4);
});
