/**
 * What background tasks write (spec/003): they run beside whatever there is, and so should write only what nobody
 * works with, and never what a task in the foreground writes. Both are warnings: such tasks still exclude each other.
 */
import { isBackground } from '../../model/graph.ts';
import { expandBraces } from '../../resources/globs-braces.ts';
import type { DraftTask, Findings } from '../read/draft.ts';
import { isRecord } from '../read/read-task.ts';
import type { Where } from '../read/source.ts';
import { inside, placeOf, problemAt } from '../read/source.ts';
import { counted, quote } from '../read/words.ts';
import { MAX_STEPS } from './file-asks.ts';
import type { FileScope } from './file-scopes.ts';
import { isNegated, scopeKey } from '../../resources/path-patterns.ts';
import { fileScopes, ScopeIndex } from './file-scopes.ts';

const DIRECTORIES: ReadonlySet<string> = new Set(['logs', '.ledger', 'build']);

/** Whether all that the pattern can match is a log, or below one of the directories, wherever in the workspace. */
export const isOutOfTheWay = (pattern: string): boolean =>
  expandBraces(pattern).every((text) => {
    const parts = text.split('/').filter((part) => part !== '' && part !== '.');
    // What is in parentheses may be one thing or another.
    const group = parts.findIndex((part) => part.includes('('));
    const plain = group < 0 ? parts : parts.slice(0, group);
    return plain.some((part) => DIRECTORIES.has(part)) || (parts.at(-1) ?? '').endsWith('.log');
  });

/** Where a task states a pattern that it writes. */
const whereOf = (task: DraftTask, key: string): Where => {
  const scope: unknown = task.spec.fields['files_scope'];
  for (const alias of ['writes', 'write']) {
    const list: unknown = isRecord(scope) ? scope[alias] : undefined;
    const index = Array.isArray(list) ? list.findIndex((text) => typeof text === 'string' && !isNegated(text) && scopeKey(text) === key) : -1;
    if (index >= 0) return inside(task.where, 'files_scope', alias, index);
  }
  return task.where;
};

const warnOutside = (task: DraftTask, findings: Findings): void => {
  const outside = (task.exclusions.writes ?? []).filter((pattern) => !isNegated(pattern) && !isOutOfTheWay(pattern));
  const [first] = outside;
  if (first === undefined) return;
  const others = outside.length > 1 ? ` and ${counted(outside.length - 1, 'more pattern')}` : '';
  findings.warnings.push(
    problemAt({
      code: 'TASKS1216',
      message: `task ${quote(task.id)} is a background task and writes ${quote(first)}${others}`,
      where: whereOf(task, scopeKey(first)),
      hint: 'Background tasks write to logs (*.log, logs/), .ledger/ or build/. Write there, or give the task another priority.',
    }),
  );
};

const warnMeeting = (task: DraftTask, scope: FileScope, foreground: DraftTask, theirs: FileScope, findings: Findings): void => {
  findings.warnings.push(
    problemAt({
      code: 'TASKS1216',
      message: `task ${quote(task.id)} is a background task and can write what task ${quote(foreground.id)} writes: ${quote(scope.name)} meets ${quote(theirs.name)}`,
      where: whereOf(task, scope.key),
      hint: 'Let it write elsewhere, or give it another priority.',
      related: [{ message: `${quote(foreground.id)} writes here`, place: placeOf(whereOf(foreground, theirs.key)) }],
    }),
  );
};

/** The first pattern of each background task that can match what one in the foreground writes. */
const warnShared = (tasks: readonly DraftTask[], background: ReadonlySet<number>, findings: Findings): void => {
  const scopes = fileScopes(tasks);
  const index = new ScopeIndex(scopes);
  const told = new Set<number>();
  let steps = 0;
  const working = (more: number): void => {
    steps += more;
  };
  const meeting = function* (scope: FileScope): Generator<FileScope> {
    yield scope;
    yield* index.meeting(scope, working);
  };
  for (const scope of scopes) {
    const writers = [...scope.writers].filter((at) => background.has(at) && !told.has(at));
    if (writers.length === 0) continue;
    for (const other of meeting(scope)) {
      const foreground = tasks[[...other.writers].find((at) => !background.has(at)) ?? -1];
      if (!foreground) continue;
      for (const at of writers) {
        const task = tasks[at];
        if (task) warnMeeting(task, scope, foreground, other, findings);
        told.add(at);
      }
      break;
    }
    // Making resources of the scopes takes longer still, and says so.
    if (steps > MAX_STEPS) return;
  }
};

export const checkBackgroundWrites = (tasks: readonly DraftTask[], findings: Findings): void => {
  const background = new Set([...tasks.entries()].flatMap(([at, task]) => (isBackground(task.node) && (task.exclusions.writes?.length ?? 0) > 0 ? [at] : [])));
  for (const at of background) {
    const task = tasks[at];
    if (task) warnOutside(task, findings);
  }
  if (background.size > 0) warnShared(tasks, background, findings);
};
