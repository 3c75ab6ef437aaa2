/** What undoing a task would take, by what its plan says of it and by what it has done. */
import type { TaskSpec } from '../../model/graph.ts';
import type { LeftTask, TaskStanding } from '../../model/rollback.ts';
import { isRecord } from '../read/read-task.ts';

export type Verdict =
  /** It has done nothing, or it has been undone. */
  | { readonly how: 'nothing' }
  | { readonly how: 'left'; readonly why: LeftTask['why'] }
  | { readonly how: 'command' }
  | { readonly how: 'hand'; readonly reason: string };

const listed = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

/** Whether the plan says that it writes something that stays. */
const declaresWrites = ({ artifacts, fields }: TaskSpec): boolean => {
  const scope = isRecord(fields['files_scope']) ? fields['files_scope'] : {};
  return listed(artifacts) || listed(scope['writes']) || listed(scope['write']);
};

/**
 * A task that says `idempotent: true` needs none. One that has a compensation is undone by it. One that has none and must
 * not be passed over in silence, because it says that it is not idempotent or what it writes, is a person's. The rest
 * says nothing, is tried again wherever it fails, and is left.
 */
export const verdictOf = ({ task, acted }: TaskStanding, spec: TaskSpec): Verdict => {
  if (!acted) return { how: 'nothing' };
  if (task.idempotent === true) return { how: 'left', why: 'idempotent' };
  if (spec.compensation) return { how: 'command' };
  if (task.idempotent === false) return { how: 'hand', reason: 'it is not idempotent, and its plan says no compensation for it' };
  if (declaresWrites(spec)) return { how: 'hand', reason: 'it says what it writes, and its plan says neither a compensation nor that it is idempotent' };
  return { how: 'left', why: 'undeclared' };
};
