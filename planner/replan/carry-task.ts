/** A task that stays: nothing of it is written anew but where its evidence stands now, and what is not part of it any more. */
import { taskHash } from '../artifacts/content-hash.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { excludedOf, stopOf } from '../breakdown/planned-task.ts';
import type { Sibling } from '../breakdown/planned-task.ts';
import type { Exclusion } from '../requirements/unit.ts';
import type { OldEvidence } from './old-evidence.ts';

export interface CarryOptions {
  readonly task: PlannedTask;
  readonly evidence: OldEvidence;
  /** Other tasks of its feature, as they are now. */
  readonly siblings: readonly Sibling[];
  /** Titles of those that it may speak of, by id, as they were. */
  readonly titles: ReadonlyMap<string, string>;
  readonly excludes: readonly Exclusion[];
  /** The document leaves out something else than before. */
  readonly hasOtherExcludes: boolean;
  /** Interfaces that nothing produces any more. */
  readonly gone: ReadonlySet<string>;
}

/** The very same object where nothing is to be changed. */
export const carryTask = ({ task, evidence, siblings, titles, excludes, hasOtherExcludes, gone }: CarryOptions): PlannedTask => {
  const { boundaries } = task;
  const { definition_of_done: done, scope } = boundaries;
  const now = new Map(siblings.map(({ id, title }) => [id, title]));
  const isStale = hasOtherExcludes || [...titles].some(([id, title]) => id !== task.id && now.get(id) !== title && done.stop_when.includes(`"${title}" is ${id}`));
  const next: PlannedTask = {
    ...task,
    boundaries: {
      ...boundaries,
      definition_of_done: { ...done, stop_when: isStale ? stopOf(task, siblings, excludes) : done.stop_when },
      scope: { ...scope, excludes: hasOtherExcludes ? excludedOf(excludes) : scope.excludes },
    },
    interfaces_consumed: task.interfaces_consumed.filter((name) => !gone.has(name)),
    source_evidence: task.source_evidence.map(evidence.relocate),
  };
  const contentHash = taskHash(next);
  return contentHash === taskHash(task) ? task : { ...next, contentHash };
};
