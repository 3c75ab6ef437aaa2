/** Files that steps write, as patterns, and which of them can be the same; the patterns of shared resources among them. */
import type { FileScope } from '../../resources/file-scopes.ts';
import { fileScopes, ScopeIndex } from '../../resources/file-scopes.ts';
import type { Context } from '../context.ts';
import type { Warn } from '../rule.ts';

/** Patterns that can match the same path, and who writes it. */
export interface WrittenPath {
  /** The narrowest pattern. */
  readonly path: string;
  readonly writers: ReadonlySet<number>;
}

export interface Written {
  /** Those that several steps write, in plan order. */
  readonly paths: readonly WrittenPath[];
  /** Of each resource of the code base, by its place there: steps that write what belongs to it. */
  readonly byResource: readonly ReadonlySet<number>[];
}

/** Steps that comparing patterns may take: some tenths of a second. */
const MAX_STEPS = 40_000_000;

/** Whether what the one matches lies rather within what the other matches. */
const isNarrower = (one: FileScope, other: FileScope): boolean => {
  if (one.head.length !== other.head.length) return one.head.length > other.head.length;
  if (one.glob.size !== other.glob.size) return one.glob.size > other.glob.size;
  return one.key < other.key;
};

export const writtenBy = ({ steps, codebase }: Pick<Context, 'steps' | 'codebase'>, warn: Warn): Written => {
  const scopes = fileScopes([
    ...steps.map(({ task }) => ({ exclusions: { writes: task.files_scope?.writes ?? [] } })),
    ...codebase.resources.map(({ paths }) => ({ exclusions: { reads: paths } })),
  ]);
  const index = new ScopeIndex(scopes);
  const byResource = codebase.resources.map(() => new Set<number>());
  const paths: WrittenPath[] = [];
  let effort = 0;
  let isTold = false;
  const working = (more: number): void => {
    effort += more;
  };
  for (const scope of scopes) {
    if (effort > MAX_STEPS && !isTold) {
      isTold = true;
      warn('The patterns of files_scope meet too often to compare all: tasks that write the same file by different patterns may lack a mutual exclusion. Name directories instead of patterns.');
    }
    const meeting = isTold ? [] : [...index.meeting(scope, working)];
    for (const reader of scope.readers) {
      const members = byResource[reader - steps.length];
      for (const writers of [scope.writers, ...meeting.map((other) => other.writers)]) for (const writer of writers) members?.add(writer);
    }
    if (scope.writers.size === 0) continue;
    const writers = new Set(scope.writers);
    for (const other of meeting) if (isNarrower(scope, other)) for (const writer of other.writers) writers.add(writer);
    if (writers.size > 1) paths.push({ path: scope.name, writers });
  }
  return { paths, byResource };
};
