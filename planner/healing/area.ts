/** Which paths a task is about: what the scope of a breaker is held against. */
import type { WrittenTask } from '../../model/task.schema.ts';

/** `-w apps/web`, `--workspace=apps/web`, `--prefix apps/web`, `--filter ./apps/web`, `cd apps/web`: a word without anything that a shell would expand. */
const NAMED = /(?:^|[\s;&|(])(?:-w|-C|--workspace|--prefix|--filter|--cwd|--dir|cd)(?:\s+|=)["']?(?:\.\/)?([\w@.-]+(?:\/[\w@.-]+)*)["']?(?=$|[\s;&|)])/gu;
const MAX_PATHS = 20;

const named = (command = ''): readonly string[] => [...command.matchAll(NAMED)].map(([, path]) => path ?? '').filter((path) => path !== '' && path !== '.' && path !== '..');

export type AreaFields = Pick<WrittenTask, 'directory' | 'workspace' | 'cmd' | 'smoke' | 'artifacts' | 'outputs' | 'files_scope'>;

/** Directories that it runs in, or that its commands name. */
export const workingDirectories = (task: Pick<AreaFields, 'directory' | 'workspace' | 'cmd' | 'smoke'>): readonly string[] => {
  const directory = task.directory ?? task.workspace;
  return [...(directory === undefined ? [] : [directory.replace(/^\.\//u, '').replace(/\/+$/u, '')]), ...named(task.cmd), ...named(task.smoke)];
};

/** Relative to the workspace, each once; undefined where the task names none. */
export const areaOf = (task: AreaFields): readonly string[] | undefined => {
  const paths = [
    ...workingDirectories(task),
    ...(task.artifacts ?? []),
    ...(task.outputs ?? []),
    ...(task.files_scope?.writes ?? task.files_scope?.write ?? []),
  ].filter((path) => path !== '' && path !== '.');
  const distinct = [...new Set(paths)].slice(0, MAX_PATHS);
  return distinct.length > 0 ? distinct : undefined;
};
