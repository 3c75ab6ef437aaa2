/** Attempts that undo what they did before they end. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TaskId } from '../../../model/ids.ts';
import { createRig, stopAfter, until, type Rig } from '../rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await createRig({ environment: { ...process.env, DEPLOY_TOKEN: 'worker-deploy-value' } });
});
afterAll(() => rig[Symbol.asyncDispose]());

const TERMS = { timeoutMs: 5_000, pausesMs: [1, 1] };
let last = 0;
const run = (spec: Parameters<Rig['run']>[0], options: { readonly terms?: typeof TERMS; readonly signal?: AbortSignal; readonly timeoutMs?: number; readonly task?: string } = {}) =>
  rig.run(spec, {
    input: { task: (options.task ?? `T${(last += 1)}`) as TaskId, attempt: 2, compensation: options.terms ?? TERMS, ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }) },
    ...(options.signal && { signal: options.signal }),
  });
const undo = (command: string) => ({ compensation: { command } });

test('a command that fails is undone, in the same log, and told which attempt it was', async () => {
  const result = await run({ command: 'echo did > done; exit 3', ...undo('rm done; echo "undid $TASKS_ROLLBACK_OF/$TASKS_ROLLBACK_OF_ATTEMPT as $TASKS_ATTEMPT"') });
  expect(result).toMatchObject({ outcome: 'failed', exitCode: 3, failure: { reason: 'exit' }, compensation: { outcome: 'succeeded', tries: 1 } });
  expect(rig.read(result.log?.slice(rig.workspace.length + 1) ?? '')).toMatch(/--- compensation: rm done; .*\nundid e1\/2 as 2\n$/);
  expect(() => rig.read('done')).toThrow();
});

test.each([
  ['a failed smoke test', { command: 'true', smoke: 'false' }, 'check'],
  ['a time-out, with a time of its own', { command: 'sleep 30' }, 'timeout'],
  ['a signal', { command: 'kill -SEGV $$' }, 'signal'],
])('so is %s', async (_, spec, reason) => {
  const result = await run({ ...spec, ...undo('sleep 0.6') }, { timeoutMs: 500 });
  expect(result).toMatchObject({ failure: { reason }, compensation: { outcome: 'succeeded', tries: 1 } });
});

test('a compensation that fails is tried again, and then told, without its secrets', async () => {
  expect(await run({ command: 'exit 1', ...undo('echo x >> tries; test $(wc -l < tries) -ge 2') })).toMatchObject({ compensation: { outcome: 'succeeded', tries: 2 } });
  const failed = await run({ command: 'exit 1', secrets: ['DEPLOY_TOKEN'], ...undo('echo "Error: $DEPLOY_TOKEN is no good"; exit 9') });
  expect(failed.compensation).toMatchObject({ outcome: 'failed', tries: 3, message: expect.stringContaining('exit code 9: Error: ') });
  expect(JSON.stringify(failed)).not.toContain('worker-deploy-value');
});

test('what succeeds, cannot be started, or says no compensation is not undone', async () => {
  expect((await run({ command: 'true', ...undo('false') })).compensation).toBeUndefined();
  expect((await run({ command: 'true', directory: 'nowhere', ...undo('false') })).compensation).toBeUndefined();
  expect((await run({ command: 'false' })).compensation).toBeUndefined();
});

test('a compensation that takes too long, or whose attempt is ended, has failed', async () => {
  expect((await run({ command: 'false', ...undo('sleep 30') }, { terms: { timeoutMs: 300, pausesMs: [] } })).compensation).toMatchObject({ outcome: 'failed', tries: 1, message: expect.stringContaining('300ms') });
  const begun = until(async () => {
    try {
      return rig.read('undoing') !== '';
    } catch {
      return false;
    }
  }, 10_000);
  const ended = await run({ command: 'false', ...undo('echo yes > undoing; sleep 30') }, { signal: stopAfter(begun, 'shutdown') });
  expect(ended).toMatchObject({ outcome: 'failed', failure: { reason: 'exit' }, compensation: { outcome: 'failed', tries: 1 } });
});
