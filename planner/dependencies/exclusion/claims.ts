/** Which steps want how much of which resource: by what they say, and by what they write. */
import type { SharedResource } from '../../artifacts/tasks.schema.ts';
import type { Context } from '../context.ts';
import type { Warn } from '../rule.ts';
import { compareText } from '../words.ts';
import type { Written } from './scopes.ts';

export interface Claim {
  readonly name: string;
  /** One for what is exclusive. */
  readonly capacity: number;
  readonly isExclusive: boolean;
  /** Why it is shared; undefined for what the code base does not show. */
  readonly resource?: SharedResource;
  /** Units by step. */
  readonly units: ReadonlyMap<number, number>;
}

interface Asked {
  readonly exclusively: Set<number>;
  readonly units: Map<number, number>;
}

/** By name: those of several steps, or of one that asks for too much. */
export const claimsOf = ({ steps, codebase }: Pick<Context, 'steps' | 'codebase'>, { byResource }: Pick<Written, 'byResource'>, warn: Warn): readonly Claim[] => {
  const known = new Map<string, SharedResource>();
  const asked = new Map<string, Asked>();
  const askedOf = (name: string): Asked => {
    const asks = asked.get(name) ?? { exclusively: new Set(), units: new Map() };
    asked.set(name, asks);
    return asks;
  };
  for (const [at, { name, resource }] of codebase.resources.entries()) {
    if (!known.has(name)) known.set(name, resource);
    if (resource.type === 'exclusive') for (const step of byResource[at] ?? []) askedOf(name).exclusively.add(step);
  }
  for (const { index, task } of steps) {
    const { exclusive_resources: exclusive, shared_resources: shared } = task.resource_requirements.estimated;
    for (const name of exclusive) askedOf(name).exclusively.add(index);
    for (const [name, units] of Object.entries(shared)) askedOf(name).units.set(index, units);
  }
  return [...asked]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([name, { exclusively, units }]): readonly Claim[] => {
      const resource = known.get(name);
      const isExclusive = resource ? resource.type === 'exclusive' : exclusively.size > 0;
      if (!resource && !isExclusive) {
        warn(`Tasks ask for units of "${name}", of which nobody says how many there are.`);
        return [];
      }
      const capacity = resource?.type === 'shared_limited' ? resource.capacity : 1;
      const all = new Map([...units, ...[...exclusively].map((step) => [step, Math.max(capacity, units.get(step) ?? 0)] as const)]);
      return [{ name, capacity, isExclusive, ...(resource && { resource }), units: all }];
    });
};
