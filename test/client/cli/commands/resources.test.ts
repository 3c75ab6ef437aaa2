import { expect, test } from 'vitest';
import { fakeClient, resourceView } from '../support/fake-client.ts';
import { run } from '../support/run.ts';

const domain = { domain: 'default', resources: [resourceView], interventions: [] };

test('who holds and who waits is said in words, oldest first', async () => {
  const { exit, stdout } = await run(['resources'], { client: fakeClient({ resources: [domain] }) });
  expect(exit).toBe(0);
  expect(stdout).toContain('db.local  exclusive, 1 of 1 taken');
  expect(stdout).toContain('held by nightly/migrate, attempt 1');
  expect(stdout).toContain('1. quickstart-1/seed waits for');
  expect(stdout).toContain('nightly/migrate holds db.local');
});

test('machines get the views as they are', async () => {
  const { stdout } = await run(['resources', '-o', 'json'], { client: fakeClient({ resources: [domain] }) });
  expect(JSON.parse(stdout)).toEqual([domain]);
});

test('nothing in use is an empty answer with a word about it', async () => {
  expect(await run(['resources'], { client: fakeClient() })).toMatchObject({ exit: 0, stdout: '', stderr: expect.stringContaining('No execution has asked') as string });
});

test.each([
  [['resources', 'release', 'db.local', '--holder', 'nightly/migrate', '--by', 'ann', '--reason', 'host gone'], 'resources.release', { resource: 'db.local', holder: 'nightly/migrate', by: 'ann', reason: 'host gone' }],
  [['resources', 'set', 'db.local', '--capacity', '2', '--by', 'ann', '--domain', 'eu'], 'resources.modify', { resource: 'db.local', capacity: 2, by: 'ann', domain: 'eu' }],
])('%j asks the mutex', async (argv, method, request) => {
  const client = fakeClient();
  expect(await run(argv, { client })).toMatchObject({ exit: 0 });
  expect(client.calls).toEqual([{ method, args: [request] }]);
});

test.each([
  [['resources', 'release']],
  [['resources', 'release', 'db.local', '--reason', 'x']],
  [['resources', 'release', 'db.local', '--holder', 'x']],
  [['resources', 'set', 'db.local']],
  [['resources', 'steal']],
])('%j is refused and asks nothing', async (argv) => {
  const client = fakeClient();
  const { exit, stderr } = await run(argv, { client });
  expect(exit).toBe(1);
  expect(stderr).toContain('TASKS3010');
  expect(client.calls).toEqual([]);
});
