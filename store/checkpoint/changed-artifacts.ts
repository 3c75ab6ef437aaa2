/** Which of the artifacts that tasks have left are no longer what they were. */
import { realpath, stat } from 'node:fs/promises';
import type { TaskId } from '../../model/ids.ts';
import type { RecordedArtifact } from '../../temporal/recorded-artifacts.ts';
import { fileState } from '../file-hash.ts';

const AT_ONCE = 8;

/** Per task: one of its artifacts that differs, in words. Or why nobody could look. */
export type ChangedArtifacts = { readonly changed: ReadonlyMap<TaskId, string> } | { readonly unchecked: string };

const problemOf = async (workspace: string, { path, hash }: RecordedArtifact): Promise<string | undefined> => {
  const now = await fileState({ workspace, path });
  const name = JSON.stringify(path);
  if (!hash) return now ? `its artifact ${name}, which it had removed, is there` : undefined;
  if (!now) return `its artifact ${name} is missing`;
  return now.hash === hash ? undefined : `its artifact ${name} has changed`;
};

/** Asks of those alone that one of `tasks` has written. What leads out of the workspace counts as missing. */
export const changedArtifacts = async (options: { readonly workspace: string; readonly recorded: readonly RecordedArtifact[]; readonly tasks: ReadonlySet<TaskId> }): Promise<ChangedArtifacts> => {
  const { workspace, recorded, tasks } = options;
  const isThere = await stat(workspace).then((found) => found.isDirectory(), () => false);
  if (!isThere) return { unchecked: `the workspace ${workspace} is not on this machine` };
  const real = await realpath(workspace);
  const changed = new Map<TaskId, string>();
  const queue = recorded.filter(({ writers }) => [...writers].some((task) => tasks.has(task))).values();
  const work = async (): Promise<void> => {
    for (const artifact of queue) {
      const problem = await problemOf(real, artifact);
      if (problem === undefined) continue;
      for (const task of artifact.writers) if (tasks.has(task) && !changed.has(task)) changed.set(task, problem);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { changed };
};
