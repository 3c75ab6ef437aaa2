import { Client, Connection } from '@temporalio/client';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultPlanDirectory, openPlanStore } from '../../store/open.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

test('without a word it is a directory of the user', () => {
  vi.stubEnv('TASKS_PLAN_STORE', '');
  expect(openPlanStore().location).toBe(`file:${defaultPlanDirectory()}`);
  expect(openPlanStore({ location: 'file:' }).location).toBe(`file:${defaultPlanDirectory()}`);
});

test('TASKS_PLAN_STORE chooses, and what the caller says wins', () => {
  vi.stubEnv('TASKS_PLAN_STORE', 'file:/srv/plans');
  expect(openPlanStore().location).toBe('file:/srv/plans');
  expect(openPlanStore({ location: 'file:///srv/other/' }).location).toBe('file:/srv/other/');
  expect(openPlanStore({ location: 'file:/srv/a/../b' }).location).toBe('file:/srv/b');
});

test('temporal: is the server of the client', async () => {
  const connection = Connection.lazy();
  expect(openPlanStore({ location: 'temporal:', client: new Client({ connection }) }).location).toBe('temporal:');
  await connection.close();
});

test.each([
  ['temporal:', 'needs a connection'],
  ['s3://bucket', 'no known kind'],
  ['/srv/plans', 'no known kind'],
  ['file:plans', 'not absolute'],
  ['temporal:x', 'no known kind'],
])('%s is refused with the reason and what to set', (location, reason) => {
  expect(() => openPlanStore({ location })).toThrow(/^\[TASKS3010\] /);
  expect(() => openPlanStore({ location })).toThrow(reason);
});
