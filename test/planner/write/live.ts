/** An execution in short: a plan, the scheduler over it, patches that come as people write them, and the plan that is made of it all. */
import type { Graph, StoredPlan, TaskSpec } from '../../../model/graph.ts';
import type { ContentHash } from '../../../model/ids.ts';
import type { PresentTask } from '../../../model/patch.ts';
import { tasksToUpdate } from '../../../model/patch-payload.ts';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { readPlan } from '../../../planner/read/read-plan.ts';
import { writePlan } from '../../../planner/write/write-plan.ts';
import type { WrittenPlan } from '../../../planner/write/write-plan.ts';
import { writtenNames } from '../../../planner/write/write-resources.ts';
import { createState } from '../../../scheduler/create-state.ts';
import { Scheduler } from '../../../scheduler/scheduler.ts';
import { contentHash } from '../../../store/hash.ts';

export class Live {
  readonly plan: StoredPlan;
  readonly scheduler: Scheduler;
  readonly #stored = new Map<ContentHash, ReadonlyMap<string, TaskSpec>>();
  #patches = 0;

  constructor(plan: StoredPlan) {
    this.plan = plan;
    const hash = this.#store(plan.tasks);
    this.scheduler = new Scheduler(createState({ graph: { ...plan.graph, sources: [hash] }, seed: hash, now: 0 }));
    this.scheduler.apply({ type: 'begin' }, 0);
  }

  get graph(): Graph {
    return this.scheduler.state.graph;
  }

  /** Messages of why it was refused; undefined when it was applied. */
  patch(payload: unknown): readonly string[] | undefined {
    this.#patches += 1;
    const present = new Map(tasksToUpdate(payload).flatMap((id) => (this.scheduler.index.indexOf.has(id) ? [[id, this.presentOf(id)] as const] : [])));
    const parsed = parsePatch(payload, { fallbackId: `p${String(this.#patches)}`, present });
    if (!parsed.ok) return parsed.error.map(({ message }) => message);
    const { patch, specs } = parsed.value;
    const step = this.scheduler.apply({ type: 'patch', patch: { ...patch, ...(specs.length > 0 && { source: this.#store(specs) }) } }, 0);
    return step.rejected?.map(({ message }) => message);
  }

  presentOf(id: string): PresentTask {
    const { tasks, sources } = this.graph;
    const source = sources[tasks[this.scheduler.index.indexOf.get(id) ?? -1]?.source ?? 0] as ContentHash;
    return { source, spec: this.#stored.get(source)?.get(id) as TaskSpec };
  }

  write(): WrittenPlan {
    return writePlan({ graph: this.graph, specs: this.graph.tasks.map(({ id }) => this.presentOf(id).spec), plan: this.plan });
  }

  #store(specs: readonly TaskSpec[]): ContentHash {
    const hash = contentHash(specs);
    this.#stored.set(hash, new Map(specs.map((spec) => [spec.id, spec])));
    return hash;
  }
}

export const read = async (plan: unknown, name?: string): Promise<StoredPlan> => {
  const found = await readPlan({ source: typeof plan === 'string' ? { path: plan } : { stdin: JSON.stringify(plan) }, ...(name !== undefined && { options: { profile: name } }) });
  if (!found.ok) throw new Error(found.error.map(({ message }) => message).join('\n'));
  return found.value.plan;
};

/** What two graphs that are the same have in common: by task, with asks under the names that a plan may use. */
export const essence = ({ tasks, resources = [], profiles = [], calendars = [], policies, name }: Graph): unknown => {
  const names = writtenNames(resources);
  const nameOf = (resource: string): string => names.get(resource) ?? resource;
  const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
  return {
    name,
    tasks: tasks.map(({ source: _source, area: _area, asks = [], executor, soft = [], ...task }) => ({
      ...task,
      soft: soft.filter((from) => !task.deps?.includes(from)),
      executor: executor === 'unassigned' ? 'human' : executor,
      // Who asks for all of it asks for as many units as there are; who has ended may not have heard how many that is.
      asks: asks.map(({ resource, units, ...ask }) => ({ ...ask, name: nameOf(resource), ...(!ask.whole && { units }) })).sort(byName),
    })),
    resources: resources.map((resource) => ({ ...resource, name: nameOf(resource.name) })).sort(byName),
    // What there would be with each of them.
    profiles: profiles.map((profile) => [profile.name, Object.fromEntries(resources.map(({ name, capacity }) => [nameOf(name), profile.capacities[name] ?? capacity]))]),
    calendars: [...calendars].sort(byName),
    policies,
  };
};

/** A task's own part without what only says where it was read. */
export const partOf = ({ fields: _fields, place: _place, ...part }: TaskSpec): unknown => part;
