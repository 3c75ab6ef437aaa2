/** What a task asks of the worker that takes it, from all the ways there are to write it. */
import { MAX_CAPABILITIES } from '../../model/pool.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import type { NodeFields } from './draft.ts';
import { present } from './optional.ts';
import type { Path } from './source.ts';

const distinct = (names: readonly string[]): readonly string[] | undefined => (names.length > 0 ? [...new Set(names)] : undefined);

/** Our own first: their order is their weight. */
const statements = (task: WrittenTask): readonly { readonly at: Path; readonly names: readonly string[] }[] => {
  const key = 'worker_capabilities_required';
  const required = task.resource_requirements;
  return [
    { at: ['capabilities'], names: task.capabilities ?? [] },
    { at: ['resource_requirements', key], names: required?.[key] ?? [] },
    { at: ['resource_requirements', 'estimated', key], names: required?.estimated?.[key] ?? [] },
  ];
};

/** `skillsRequired` is prose, and the `workspace` of a task says where it runs, not on which host. */
export const mapWorkers = (task: WrittenTask): Pick<NodeFields, 'capabilities' | 'affinity'> =>
  present({
    capabilities: distinct(statements(task).flatMap(({ names }) => names)),
    affinity: distinct(task.affinity ?? []),
  });

/** Where a task says the first capability that is one too many; a single list that is too long does not pass the schema. */
export const capabilityTooMany = (task: WrittenTask): Path | undefined => {
  const seen = new Set<string>();
  for (const { at, names } of statements(task)) {
    for (const [index, name] of names.entries()) {
      seen.add(name);
      if (seen.size > MAX_CAPABILITIES) return [...at, index];
    }
  }
  return undefined;
};

export const TOO_MANY_CAPABILITIES = `more than ${MAX_CAPABILITIES} capabilities in all`;
