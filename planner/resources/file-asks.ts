/**
 * `files_scope` as resources: one exclusive resource for each pattern that is written. Its writers write it;
 * whoever reads or writes a pattern that can match the same path reads it. Two writers of one pattern exclude each
 * other anyway, so nothing else does: writers of `src/a` and `src/b` run beside each other, and a reader of
 * `src/**` beside neither.
 */
import type { DraftTask, Findings } from '../read/draft.ts';
import type { Where } from '../read/source.ts';
import { problemAt } from '../read/source.ts';
import { counted } from '../read/words.ts';
import type { FileScope } from './file-scopes.ts';
import { fileScopes, ScopeIndex } from './file-scopes.ts';
import type { Implicit } from './implicit.ts';
import { collect, exclusive, reads, writes } from './implicit.ts';

/** Asks that file scopes may add to a graph: beyond, it would no longer travel well. */
export const MAX_FILE_ASKS = 50_000;
/** Steps that comparing patterns may take: a second or two. */
export const MAX_STEPS = 300_000_000;

type Asks = Implicit['asks'][number][];

/** What one written pattern makes tasks ask for; nothing when only one task uses it. */
const asksOf = (scope: FileScope, meeting: Iterable<FileScope>): Asks => {
  const beside = new Set(scope.readers);
  for (const other of meeting) {
    for (const task of other.readers) beside.add(task);
    // Of two written patterns that meet one resource is enough.
    if (other.index > scope.index) for (const task of other.writers) beside.add(task);
  }
  for (const task of scope.writers) beside.delete(task);
  if (scope.writers.size + beside.size < 2) return [];
  const name = `files:${scope.name}`;
  return [...[...scope.writers].map((task) => ({ task, ask: writes(name) })), ...[...beside].map((task) => ({ task, ask: reads(name) }))];
};

/** Undefined when it would take too long, or too much. */
const exactAsks = (scopes: readonly FileScope[]): Asks | undefined => {
  const index = new ScopeIndex(scopes);
  const asks: Asks = [];
  let steps = 0;
  const working = (more: number): void => {
    steps += more;
  };
  for (const scope of scopes) {
    if (scope.writers.size === 0) continue;
    for (const ask of asksOf(scope, index.meeting(scope, working))) asks.push(ask);
    if (asks.length > MAX_FILE_ASKS || steps > MAX_STEPS) return undefined;
  }
  return asks;
};

/** One resource for each directory at the top, or one in all when a pattern does not begin with a plain directory. */
const coarseAsks = (scopes: readonly FileScope[]): Asks => {
  const isPlain = scopes.every(({ head }) => head.length > 0);
  return scopes.flatMap(({ head, readers, writers }) => {
    const name = `files:${isPlain ? `${head[0]}/**` : '**'}`;
    return [...[...writers].map((task) => ({ task, ask: writes(name) })), ...[...readers].map((task) => ({ task, ask: reads(name) }))];
  });
};

/** `where` is the plan's: what is said there is of the whole. */
export const fileAsks = (tasks: readonly DraftTask[], where: Where, findings: Findings): Implicit => {
  const scopes = fileScopes(tasks);
  const exact = exactAsks(scopes);
  if (!exact) {
    findings.warnings.push(
      problemAt({
        code: 'TASKS1207',
        message: `the ${counted(scopes.length, 'pattern')} of files_scope meet too often to be told apart: tasks that write below one directory at the top run one at a time`,
        where,
        hint: 'Name directories instead of single files.',
      }),
    );
  }
  return collect(exact ?? coarseAsks(scopes), exclusive);
};
