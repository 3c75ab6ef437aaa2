/** Small graphs, written by id, for tests of the scheduler. */
import type { AttemptFailure, AttemptResult } from '../../model/attempt.ts';
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { Ask, Graph, GraphTask, Policies } from '../../model/graph.ts';
import type { ContentHash, TaskId } from '../../model/ids.ts';
import type { InjectedTask, ParsedPatch, PatchEdge } from '../../model/patch.ts';
import type { Resource } from '../../model/resource.ts';

export interface TaskSketch extends Omit<GraphTask, 'id' | 'deps' | 'soft'> {
  readonly id: string;
  readonly after?: readonly string[];
  readonly softAfter?: readonly string[];
}

/** Policies, and what is beside the tasks. */
export interface PolicySketch extends Partial<Policies> {
  readonly resources?: readonly ResourceSketch[];
}

/** A semaphore of one unit inside the execution, unless stated. */
export type ResourceSketch = Partial<Resource> & Pick<Resource, 'name'>;

export const reads = (resource: string): Ask => ({ resource, units: 1, access: 'read' });
export const writes = (resource: string, units = 1): Ask => ({ resource, units, access: 'write' });

export const PLAN_HASH = 'a'.repeat(64) as ContentHash;

/** No jitter unless asked for: delays are then exactly what the policy says. */
export const policiesOf = (policies: Partial<Policies> = {}): Policies => ({
  ...DEFAULT_POLICIES,
  retry: { ...DEFAULT_POLICIES.retry, jitter: false },
  ...policies,
});

export const graphOf = (sketches: readonly (string | TaskSketch)[], options: PolicySketch = {}): Graph => {
  const { resources, ...policies } = options;
  const full = sketches.map((sketch): TaskSketch => (typeof sketch === 'string' ? { id: sketch } : sketch));
  const at = new Map(full.map((sketch, index) => [sketch.id, index]));
  const indices = (ids: readonly string[]): number[] =>
    ids.map((id) => {
      const index = at.get(id);
      if (index === undefined) throw new RangeError(`the test's graph has no task ${id}`);
      return index;
    });
  const tasks = full.map(({ after, softAfter, ...task }): GraphTask => ({
    ...task,
    id: task.id as TaskId,
    ...(after && { deps: indices(after) }),
    ...(softAfter && { soft: indices(softAfter) }),
  }));
  return { schema: 1, name: 'test', tasks, sources: [PLAN_HASH], policies: policiesOf(policies), ...(resources && { resources: resources.map(resourceOf) }) };
};

const resourceOf = (sketch: ResourceSketch): Resource => ({ mode: 'semaphore', capacity: 1, scope: 'execution', ...sketch });

export interface PatchSketch {
  readonly tasks?: readonly (Omit<InjectedTask, 'id'> & { readonly id: string })[];
  /** `a > b`: b waits for a. `a ~ b`: softly. */
  readonly edges?: readonly string[];
  readonly expectedVersion?: number;
}

export const patchOf = (id: string, sketch: PatchSketch): ParsedPatch => ({
  id,
  tasks: (sketch.tasks ?? []) as readonly InjectedTask[],
  edges: (sketch.edges ?? []).map((edge): PatchEdge => {
    const [from = '', sign = '', to = ''] = edge.split(' ');
    return { from: from as TaskId, to: to as TaskId, type: sign === '>' ? 'hard' : 'soft' };
  }),
  ...(sketch.expectedVersion !== undefined && { expectedVersion: sketch.expectedVersion }),
  ...(sketch.tasks && sketch.tasks.length > 0 && { source: 'b'.repeat(64) as ContentHash }),
});

export const failure = (fields: Partial<AttemptFailure> = {}): AttemptFailure => ({
  reason: 'exit',
  class: 'logic',
  message: 'the command ended with code 1',
  ...fields,
});

/** An attempt that took a second, unless the fields say otherwise. */
export const resultOf = (
  attempt: { readonly task: string; readonly attempt: number; readonly now: number },
  fields: Partial<AttemptResult> = {},
): AttemptResult => ({
  task: attempt.task as TaskId,
  attempt: attempt.attempt,
  outcome: 'succeeded',
  startedAt: attempt.now - 1_000,
  finishedAt: attempt.now,
  worker: 'w',
  host: 'h',
  tail: '',
  ...fields,
});
