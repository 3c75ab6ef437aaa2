/** What a person can do about a task that is theirs to decide on, the most likely first. */
import type { AttemptFailure } from '../model/attempt.ts';
import type { ExecutionId } from '../model/ids.ts';

/** `command` may hold a place to be filled in, in capitals. */
export interface Advice {
  readonly text: string;
  readonly command?: string;
}

export interface AdviceFacts {
  readonly execution: ExecutionId;
  readonly task: string;
  /** Of its last attempt. */
  readonly failure: AttemptFailure | undefined;
  /** Nobody knows what its last attempt did. */
  readonly unknown: boolean;
  /** There is nothing to run: a person does it. */
  readonly byHand: boolean;
  /** It undoes a task of another execution. */
  readonly isRollback: boolean;
}

const causeOf = ({ execution, task, failure, unknown }: AdviceFacts): readonly Advice[] => {
  const log = `tasks logs ${execution} ${task}`;
  if (unknown) return [{ text: 'Look whether it did its work: nobody knows', command: log }];
  if (failure?.matches?.includes('missing_dependency')) return [{ text: 'A package is missing: see which ones, and install them', command: 'tasks missing-deps --install' }];
  switch (failure?.class) {
    case 'resource':
      return [{ text: failure.reason === 'timeout' ? 'Give it more time: "timeout" by a hot update (update_task)' : 'Give it more of what it lacked: "resources" by a hot update (update_task), or free some', command: `tasks patch ${execution} FILE` }];
    case 'external':
      return [{ text: 'See whether the service it needs is there again', command: log }];
    case 'systemic':
      return [{ text: 'Mend the machine or the workspace: what it needs is not there', command: log }];
    case 'logic':
      return [{ text: 'Mend what it works on, or the task itself: "cmd" by a hot update (update_task)', command: `tasks patch ${execution} FILE` }];
    case 'transient':
    case undefined:
    default:
      return [{ text: 'Read what it wrote', command: log }];
  }
};

export const adviceOf = (facts: AdviceFacts): readonly Advice[] => {
  const resolve = (way: string): string => `tasks review resolve ${facts.execution} ${facts.task} --${way}`;
  if (facts.byHand) return [{ text: 'Do it, and say so', command: resolve('complete') }, { text: 'Leave things as they are', command: resolve('skip') }];
  // What may still run cannot be parked; nor can what undoes something.
  const mayPark = !facts.unknown && !facts.isRollback;
  return [
    ...causeOf(facts),
    { text: 'Then try it again', command: resolve('retry') },
    { text: 'It is done, or was done by hand', command: resolve('complete') },
    { text: 'Go on without it: what depends on it runs', command: resolve('skip') },
    ...(mayPark ? [{ text: 'Park it, here and in later executions: what depends on it cannot run', command: resolve('quarantine') }] : []),
  ];
};
