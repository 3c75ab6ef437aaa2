/** Which plan store to use, from what the user said. */
import { isAbsolute, join, normalize } from 'node:path';
import type { Client } from '@temporalio/client';
import envPaths from 'env-paths';
import { TasksError } from '../model/problem.ts';
import { FilePlanStore } from './file-store.ts';
import type { PlanStore } from './plan-store.ts';
import { TemporalPlanStore } from './temporal-store.ts';

export const PLAN_STORE_VARIABLE = 'TASKS_PLAN_STORE';

/** Where `file:` keeps plans: the user's data directory of this platform. */
export const defaultPlanDirectory = (): string => join(envPaths('tasks', { suffix: '' }).data, 'plans');

/**
 * Opens the store that `location` names, else `TASKS_PLAN_STORE`, else `file:`.
 *
 * - `file:` the user's data directory; `file:/abs/dir` a directory that all workers see
 * - `temporal:` the server that `client` is connected to; needs nothing else
 *
 * @throws TasksError TASKS3010 when the location is none of these, or when it is `temporal:` and there is no client.
 */
export const openPlanStore = (options: { readonly location?: string; readonly client?: Client } = {}): PlanStore => {
  const fromEnvironment = process.env[PLAN_STORE_VARIABLE];
  const location = options.location ?? (fromEnvironment || 'file:');
  if (location === 'temporal:') {
    if (!options.client) throw invalid(location, 'it needs a connection to a Temporal server');
    return new TemporalPlanStore({ client: options.client });
  }
  if (!location.startsWith('file:')) throw invalid(location, 'it is of no known kind');
  const path = location.slice('file:'.length).replace(/^\/\/\//, '/');
  if (path === '') return new FilePlanStore({ directory: defaultPlanDirectory() });
  // A relative path would name another directory for every process that is started elsewhere.
  if (!isAbsolute(path)) throw invalid(location, 'its path is not absolute');
  return new FilePlanStore({ directory: normalize(path) });
};

const invalid = (location: string, why: string): TasksError =>
  new TasksError({
    code: 'TASKS3010',
    message: `The plan store ${JSON.stringify(location)} cannot be used: ${why}.`,
    hint: `Set ${PLAN_STORE_VARIABLE} to file:, file:/absolute/directory or temporal:.`,
  });
