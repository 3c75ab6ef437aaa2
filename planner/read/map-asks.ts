/** What a task needs of resources, from all the ways there are to write it. */
import type { Ask } from '../../model/graph.ts';
import type { WrittenTask } from '../../model/task.schema.ts';

/** One ask for each resource: the most units that anything asks of it, and `write` if anything writes. */
export const mergeAsks = (asks: readonly Ask[]): readonly Ask[] | undefined => {
  const merged = new Map<string, Ask>();
  for (const ask of asks) {
    const before = merged.get(ask.resource);
    const access = before?.access === 'write' || ask.access === 'write' ? 'write' : 'read';
    merged.set(ask.resource, { resource: ask.resource, units: Math.max(before?.units ?? 0, ask.units), access });
  }
  return merged.size > 0 ? [...merged.values()] : undefined;
};

const writes = (resource: string): Ask => ({ resource, units: 1, access: 'write' });

/**
 * spec/000's `resources`, spec/001's `resource_requirements.estimated` (exclusive and shared), spec/002's
 * `locks`, spec/003's conflict group. `risk.locks` repeats an intent and asks for nothing.
 */
export const mapAsks = (task: WrittenTask): readonly Ask[] => {
  const estimated = task.resource_requirements?.estimated;
  const shared = Object.entries(estimated?.shared_resources ?? {});
  return [
    ...(task.resources ?? []).map((ask): Ask =>
      typeof ask === 'string' ? writes(ask) : { resource: ask.name, units: ask.units ?? 1, access: ask.access ?? 'write' },
    ),
    ...(task.locks ?? []).map(writes),
    ...(estimated?.exclusive_resources ?? []).map(writes),
    ...shared.map(([resource, units]): Ask => ({ resource, units, access: 'write' })),
  ];
};
