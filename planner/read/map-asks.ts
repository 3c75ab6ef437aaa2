/** The resources a task names, from all the ways there are to write it. */
import type { Ask } from '../../model/graph.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import type { DraftAsk } from './draft.ts';
import type { Path } from './source.ts';

/** One ask for each resource: the most units that anything asks of it, and `write` if anything writes. */
export const mergeAsks = (asks: readonly Ask[]): readonly Ask[] | undefined => {
  const merged = new Map<string, Ask>();
  for (const ask of asks) {
    const before = merged.get(ask.resource);
    const access = before?.access === 'write' || ask.access === 'write' ? 'write' : 'read';
    const whole = before?.whole || ask.whole;
    merged.set(ask.resource, { resource: ask.resource, units: Math.max(before?.units ?? 0, ask.units), access, ...(whole && { whole }) });
  }
  return merged.size > 0 ? [...merged.values()] : undefined;
};

/** Unless stated, one unit, to write. */
export const askOf = ({ resource, units = 1, access = 'write', whole }: Omit<DraftAsk, 'where'>): Ask => ({ resource, units, access, ...(whole && { whole }) });

/** An ask, and where it stands within the task. */
export interface NamedAsk extends Omit<DraftAsk, 'where'> {
  readonly at: Path;
}

/**
 * spec/000's `resources`, spec/001's `resource_requirements.estimated` (exclusive and shared), spec/002's
 * `locks`. `risk.locks` repeats an intent; a task of high risk has them whole, so that its neighbours stand still.
 */
export const namedAsks = (task: WrittenTask): readonly NamedAsk[] => {
  const estimated = task.resource_requirements?.estimated;
  const base = ['resource_requirements', 'estimated'] as const;
  const isDangerous = task.risk?.level === 'high' || task.risk?.level === 'critical';
  return [
    ...(task.resources ?? []).map((ask, index): NamedAsk => {
      const at = ['resources', index];
      return typeof ask === 'string' ? { resource: ask, at } : { resource: ask.name, units: ask.units, access: ask.access, at: [...at, 'name'] };
    }),
    ...(task.locks ?? []).map((resource, index): NamedAsk => ({ resource, access: 'write', at: ['locks', index] })),
    ...(isDangerous ? (task.risk?.locks ?? []) : []).map((resource, index): NamedAsk => ({ resource, access: 'write', declares: true, whole: true, at: ['risk', 'locks', index] })),
    ...(estimated?.exclusive_resources ?? []).map((resource, index): NamedAsk => ({ resource, access: 'write', declares: true, at: [...base, 'exclusive_resources', index] })),
    ...Object.entries(estimated?.shared_resources ?? {}).map(([resource, units]): NamedAsk => ({ resource, units, at: [...base, 'shared_resources', resource] })),
  ];
};
