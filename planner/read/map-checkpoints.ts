/** What a task says of its checkpoints and of what its command reports, from all the ways there are to write it. */
import type { z } from 'zod';
import { percentAt } from '../../model/checkpoint.ts';
import type { checkpointsPolicySchema, pointSchema } from '../../model/checkpoints.schema.ts';
import type { DeclaredPoint } from '../../model/graph.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import type { PolicyChanges, SpecFields } from './draft.ts';
import { present } from './optional.ts';

const MINUTE = 60_000;

const pointOf = ({ at, name, rollback_capable }: z.infer<typeof pointSchema>): DeclaredPoint =>
  present({ name, percent: at === undefined ? undefined : percentAt(at), rollbackCapable: rollback_capable === false ? (false as const) : undefined });

const pointsOf = ({ execution_guidance: guidance }: WrittenTask): readonly DeclaredPoint[] =>
  [...(guidance?.checkpoints ?? []), ...(guidance?.monitoring?.checkpoint_events ?? [])].flatMap((point) => (typeof point === 'string' ? [] : [pointOf(point)]));

/** It makes checkpoints by itself: its command can be begun in the middle. */
export const isCheckpointCapable = (task: WrittenTask): boolean =>
  task.scheduling_hints?.checkpoint_capable === true ||
  task.checkpoint !== undefined ||
  (task.execution_guidance?.checkpoints?.length ?? 0) > 0 ||
  (task.execution_guidance?.monitoring?.checkpoint_events?.length ?? 0) > 0;

export const mapCheckpoints = (task: WrittenTask): Pick<SpecFields, 'checkpoints' | 'progress'> => {
  const points = pointsOf(task);
  const { heartbeat_interval_seconds: seconds, progress_reporting: reporting } = task.execution_guidance?.monitoring ?? {};
  const progress = present({ everyMs: seconds === undefined ? undefined : Math.round(seconds * 1_000), reporting });
  return present({
    checkpoints: isCheckpointCapable(task) ? present({ label: task.checkpoint, points: points.length > 0 ? points : undefined }) : undefined,
    progress: Object.keys(progress).length > 0 ? progress : undefined,
  });
};

/** `recovery` is spec/001's `failure_handling.checkpoint_recovery`. */
export const mapCheckpointPolicy = (written: z.infer<typeof checkpointsPolicySchema> | undefined, recovery: boolean | undefined): PolicyChanges['checkpoints'] => {
  const changes = present({
    intervalPercent: written?.interval_percent,
    keep: written?.keep,
    prune: written?.prune,
    maxBytes: written?.max_bytes,
    expensiveMs: written?.expensive_minutes === undefined ? undefined : Math.round(written.expensive_minutes * MINUTE),
    recovery,
  });
  return Object.keys(changes).length > 0 ? changes : undefined;
};
