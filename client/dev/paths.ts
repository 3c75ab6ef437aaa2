/** Where the development server and its binary live on this machine. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import envPaths from 'env-paths';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Database, log and state file of the user's development server; `TASKS_DEV_DIR` sets another directory. */
export const devDirectory = (env: Environment = process.env): string =>
  env['TASKS_DEV_DIR'] ? resolve(env['TASKS_DEV_DIR']) : join(envPaths('tasks', { suffix: '' }).data, 'dev');

/** Where a binary that was downloaded or built is kept; `TASKS_CACHE_DIR` sets another directory. */
export const cacheDirectory = (env: Environment = process.env): string =>
  env['TASKS_CACHE_DIR'] ? resolve(env['TASKS_CACHE_DIR']) : envPaths('tasks', { suffix: '' }).cache;

export const CONFIG_NAME = 'temporal-dev.yml';

/** The `temporal-dev.yml` that this package ships, from the sources and from `dist` alike. */
export const shippedConfig = (): string => {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    const file = join(directory, CONFIG_NAME);
    if (existsSync(file) || dirname(directory) === directory) return file;
  }
};
