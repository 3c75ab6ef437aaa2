/**
 * Which declared artifacts an attempt changed: their hashes before and after. Costs nothing when none are
 * declared; a file that has not been touched since it was last hashed is not read again.
 */
import type { ArtifactChange } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { filesScopeSchema } from '../../model/task.schema.ts';
import { fileState, type FileState } from '../../store/file-hash.ts';
import { findFiles } from './find-files.ts';

/** Files looked at; what lies beyond them in the order of their paths is not reported. */
export const MAX_ARTIFACT_FILES = 10_000;
/** Changes reported: a result is kept in a history and must stay small. */
export const MAX_ARTIFACT_CHANGES = 500;
/** Files named as touched. */
const MAX_TOUCHED = 200;
/** Files of a task's scope that are looked at beside its artifacts: hashing a large tree must not cost more than the task. */
const MAX_SCOPE_FILES = 2_000;
/** Of those left as they were: only what is named by its path, so that it is few. */
const MAX_UNCHANGED = 50;
const AT_ONCE = 8;

export type ArtifactStates = ReadonlyMap<string, FileState>;

export const artifactStates = async ({
  workspace,
  patterns = [],
  except,
  limit = MAX_ARTIFACT_FILES,
}: {
  readonly workspace: string;
  readonly patterns: readonly string[] | undefined;
  /** Absolute: a directory whose files are no artifacts, whatever finds them. */
  readonly except?: string;
  readonly limit?: number;
}): Promise<ArtifactStates> => {
  if (patterns.length === 0) return new Map();
  const paths = await findFiles({ workspace, patterns, limit, ...(except !== undefined && { except }) });
  const states = new Map<string, FileState>();
  let next = 0;
  const work = async (): Promise<void> => {
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      const state = await fileState({ workspace, path });
      if (state) states.set(path, state);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return states;
};

/** What the task may write beside its artifacts, where its execution wants to know what it touches: the first {@link MAX_SCOPE_FILES} files. */
export const scopeStates = async ({ workspace, spec, except, isWatched }: { readonly workspace: string; readonly spec: TaskSpec; readonly except?: string; readonly isWatched: boolean }): Promise<ArtifactStates> => {
  const { data } = filesScopeSchema.safeParse(spec.fields['files_scope']);
  const patterns = isWatched && data ? [...(data.writes ?? []), ...(data.write ?? [])] : [];
  return artifactStates({ workspace, patterns, limit: MAX_SCOPE_FILES, ...(except !== undefined && { except }) });
};

/** Paths of new, changed and removed files. */
export const touchedFiles = (...states: readonly { readonly before: ArtifactStates; readonly after: ArtifactStates }[]): readonly string[] =>
  [...new Set(states.flatMap((each) => changedArtifacts(each).map(({ path }) => path)))].sort().slice(0, MAX_TOUCHED);

/** New, changed and removed files, in the order of their paths. */
export const changedArtifacts = ({ before, after }: { before: ArtifactStates; after: ArtifactStates }): readonly ArtifactChange[] => {
  const paths = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path)?.hash !== after.get(path)?.hash);
  return paths
    .sort()
    .slice(0, MAX_ARTIFACT_CHANGES)
    .map((path) => ({ path, ...after.get(path) }));
};

/** Files that the patterns name by their path and that are what they were. */
export const unchangedArtifacts = ({ before, after, patterns = [] }: { before: ArtifactStates; after: ArtifactStates; patterns: readonly string[] | undefined }): readonly ArtifactChange[] =>
  [...new Set(patterns)]
    .flatMap((path) => {
      const state = after.get(path);
      return state && before.get(path)?.hash === state.hash ? [{ path, ...state }] : [];
    })
    .slice(0, MAX_UNCHANGED);
