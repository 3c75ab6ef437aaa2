/** Points that a task must not be taken back behind: spec/001's `checkpoint_events` with `rollback_capable: false`. */
import type { TaskSpec } from '../../model/graph.ts';
import { isRecord } from '../read/read-task.ts';

/** Name of the first of them, or where it is when it has none; undefined when there is none. */
export const irrevocablePointOf = ({ fields }: TaskSpec): string | undefined => {
  const guidance = fields['execution_guidance'];
  const monitoring = isRecord(guidance) ? guidance['monitoring'] : undefined;
  const points = isRecord(monitoring) ? monitoring['checkpoint_events'] : undefined;
  if (!Array.isArray(points)) return undefined;
  const point: unknown = points.find((each) => isRecord(each) && each['rollback_capable'] === false);
  if (!isRecord(point)) return undefined;
  const { name, at } = point;
  if (typeof name === 'string') return name;
  return typeof at === 'string' || typeof at === 'number' ? String(at) : 'a point without a name';
};
