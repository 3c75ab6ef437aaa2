/** One line of numbers: `3/12 done · 2 running · 1 failed`. States are words first, colour second. */
import type { TaskState } from '../../../model/state.ts';
import type { Counts } from '../../../model/outcome.ts';
import type { CapacityChange } from '../../../model/patch.ts';
import { oneLine, style } from '../markup.ts';
import { duration } from '../time-text.ts';
import type { RunBoard } from './run-board.ts';

const RUNNING_SHOWN = 4;

export const countsText = (board: RunBoard): string => {
  const parts = [
    `${board.carried + board.succeeded.size}/${board.total} done`,
    part(board.running.size - board.people.size, 'running'),
    part(board.people.size, 'waiting for a person'),
    part(board.approvals.size, 'waiting for an approval'),
    part(board.decisions.size, 'waiting for a decision'),
    part(board.retrying.size, 'to be tried again'),
    part(board.undoing.size, 'being undone'),
    part(board.rolledBack.size, 'rolled back'),
    part(board.skipped.size, 'skipped'),
    part(board.cancelled.size, 'cancelled'),
    board.failed.size > 0 ? style('red', `${board.failed.size} failed`) : '',
    part(board.quarantined.size, 'quarantined'),
    part(board.blocked.size, 'blocked by a failure'),
    board.state === 'paused' || board.state === 'aborting' ? style('yellow', board.state) : '',
  ];
  return parts.filter((text) => text !== '').join(' · ');
};

/** `1 task`, `2 tasks` */
export const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

const part = (count: number, word: string): string => (count > 0 ? `${count} ${word}` : '');

/** ` · lint 4.0s, test 2.1s, …`: what runs, longest first. */
export const runningText = (board: RunBoard, now: number): string => {
  const running = [...board.running.values()].filter(({ task }) => !board.people.has(task)).sort((a, b) => a.since - b.since);
  if (running.length === 0) return '';
  const shown = running.slice(0, RUNNING_SHOWN).map(({ task, since, percent }) => `${task} ${percent === undefined ? '' : `${Math.round(percent)} % `}${duration(now - since)}`);
  return ` · ${shown.join(', ')}${running.length > RUNNING_SHOWN ? ', …' : ''}`;
};

/** Words for the states, in the order in which people ask for them. */
const STATE_WORDS: readonly (readonly [TaskState, string])[] = [
  ['SUCCEEDED', 'succeeded'],
  ['RUNNING', 'running'],
  ['ASSIGNED', 'starting'],
  ['QUEUED', 'starting'],
  ['READY', 'ready'],
  ['BACKOFF', 'to be tried again'],
  ['PAUSED', 'waiting for a decision'],
  ['CHECKPOINTED', 'at a checkpoint'],
  ['COMPENSATING', 'being undone'],
  ['PENDING', 'waiting for dependencies'],
  ['FAILED', 'failed'],
  ['UPSTREAM_FAILED', 'blocked by a failure'],
  ['SKIPPED', 'skipped'],
  ['CANCELLED', 'cancelled'],
  ['ROLLED_BACK', 'rolled back'],
  ['QUARANTINED', 'quarantined'],
];

export const stateWord = (state: TaskState): string => STATE_WORDS.find(([name]) => name === state)?.[1] ?? state.toLowerCase();

/** What Temporal ended by force has tasks that nobody ended: they are shown as they stood then. */
export const whenTerminated = (status: string): string => (status === 'terminated' ? ' when it was terminated' : '');

/** `9 succeeded · 1 failed · 2 blocked by a failure` */
export const stateCountsText = (counts: Counts): string => {
  const byWord = new Map<string, number>();
  for (const [state, word] of STATE_WORDS) {
    const count = counts[state] ?? 0;
    if (count > 0) byWord.set(word, (byWord.get(word) ?? 0) + count);
  }
  const parts = [...byWord].map(([word, count]) => (word === 'failed' ? style('red', `${count} ${word}`) : `${count} ${word}`));
  return parts.length > 0 ? parts.join(' · ') : 'no tasks yet';
};

/** Capacities that a hot update has changed, after what else it did. */
export const capacitiesText = (changes: readonly CapacityChange[] = []): string => changes.map(({ resource, from, to }) => `, ${oneLine(resource)} ${from} → ${to}`).join('');
