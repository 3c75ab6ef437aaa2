/** One run in which everything happens that a view has to show. */
import type { EventBody } from '../../../../model/event.ts';
import { eventsOf, id, PLAN } from '../support/fake-client.ts';

const bodies: readonly EventBody[] = [
  { type: 'execution_started', plan: PLAN, tasks: 7 },
  { type: 'task_started', task: id('install'), attempt: 1 },
  { type: 'task_succeeded', task: id('install'), attempt: 1, artifacts: [], durationMs: 1_200, worker: 'w1' },
  { type: 'task_started', task: id('build'), attempt: 1, worker: '\u001B[31mw1' },
  { type: 'task_started', task: id('test'), attempt: 1 },
  {
    type: 'task_failed',
    task: id('test'),
    attempt: 1,
    error: { reason: 'exit', class: 'transient', message: 'The command ended with exit code 3: connection\nreset' },
    canRetry: true,
    retryAt: Date.UTC(2026, 0, 15, 9, 0, 7),
    exitCode: 3,
    tail: 'first line\n\u001B[2Jsecond line that is quite long and goes on beyond the edge of a narrow terminal\n',
  },
  { type: 'task_progress', task: id('build'), attempt: 1, percent: 50 },
  { type: 'task_started', task: id('test'), attempt: 2 },
  { type: 'task_succeeded', task: id('build'), attempt: 1, artifacts: [], durationMs: 4_000, worker: 'w1' },
  { type: 'task_failed', task: id('test'), attempt: 2, error: { reason: 'exit', class: 'logic', message: 'The command ended with exit code 1' }, canRetry: false, exitCode: 1, tail: 'assertion failed' },
  { type: 'task_upstream_failed', task: id('publish'), upstream: id('test') },
  { type: 'task_started', task: id('review'), attempt: 1 },
  { type: 'task_waiting_for_person', task: id('review'), attempt: 1 },
  { type: 'execution_paused', by: 'ann', reason: 'release freeze' },
  { type: 'execution_resumed' },
  { type: 'task_succeeded', task: id('review'), attempt: 1, artifacts: [], durationMs: 3_000, worker: 'w1' },
  { type: 'hot_update', patchId: 'p1', version: 2, injected: [id('extra')], edges: 1, by: 'bob' },
  { type: 'request_rejected', request: 'skipTask', code: 'TASKS3004', reason: 'no task "nope" in this execution' },
  { type: 'task_needs_decision', task: id('deploy'), attempt: 1, reason: 'its worker died' },
  { type: 'task_skipped', task: id('deploy'), by: 'ann' },
  { type: 'task_cancelled', task: id('extra') },
  { type: 'task_skipped', task: id('docs') },
  { type: 'execution_completed', outcome: 'failed', counts: { SUCCEEDED: 3, FAILED: 1, UPSTREAM_FAILED: 1, SKIPPED: 2, CANCELLED: 1 } },
];

export const EVENTS = eventsOf(bodies);
