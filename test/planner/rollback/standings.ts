/** Executions as they may stand, for tests of rollbacks: by hand, and any. */
import fc from 'fast-check';
import { DEFAULT_POLICIES } from '../../../model/graph.ts';
import type { GraphTask, TaskSpec } from '../../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import type { Standing, TaskStanding } from '../../../model/rollback.ts';

export interface StandingSketch {
  readonly id: string;
  readonly after?: readonly string[];
  readonly softAfter?: readonly string[];
  readonly task?: Partial<GraphTask>;
  readonly spec?: Partial<TaskSpec>;
  /** As of a task that has succeeded unless stated. */
  readonly is?: Partial<Omit<TaskStanding, 'task'>>;
}

export interface Sketched {
  readonly standing: Standing;
  readonly specs: readonly TaskSpec[];
}

const UNDO = { compensation: { command: 'undo' } };
/** Undone by a command unless stated. */
export const standingOf = (sketches: readonly (string | StandingSketch)[]): Sketched => {
  const full = sketches.map((each): StandingSketch => (typeof each === 'string' ? { id: each } : each));
  const at = (ids: readonly string[]): number[] => ids.map((id) => full.findIndex((each) => each.id === id));
  return {
    standing: {
      execution: 'release' as ExecutionId,
      name: 'release',
      workspace: '/space',
      graceMs: 1_000,
      status: 'failed',
      rollbacks: 0,
      sources: [],
      policies: DEFAULT_POLICIES,
      tasks: full.map(({ id, after, softAfter, task, is }): TaskStanding => ({
        task: { id: id as TaskId, ...(after && { deps: at(after) }), ...(softAfter && { soft: at(softAfter) }), ...task },
        state: 'SUCCEEDED',
        attempt: 1,
        acted: true,
        failed: false,
        passed: true,
        ...is,
      })),
    },
    specs: full.map(({ id, spec }) => ({ id: id as TaskId, fields: {}, ...(spec ?? UNDO) })),
  };
};

const anyTask = fc.record({
  /** Of each earlier task: no edge, a hard or a soft one. */
  edges: fc.array(fc.constantFrom('none', 'none', 'none', 'hard', 'hard', 'soft'), { maxLength: 12 }),
  idempotent: fc.constantFrom(undefined, undefined, true, false),
  compensation: fc.boolean(),
  artifacts: fc.boolean(),
  acted: fc.constantFrom(true, true, true, false),
  failed: fc.constantFrom(false, false, false, true),
  label: fc.constantFrom(undefined, undefined, 'safe'),
});

/** Any graph of up to 12 tasks, in any states. */
export const anyStanding: fc.Arbitrary<Sketched> = fc.array(anyTask, { minLength: 1, maxLength: 12 }).map((tasks) =>
  standingOf(
    tasks.map(({ edges, idempotent, compensation, artifacts, acted, failed, label }, index) => {
      const linked = (kind: string): string[] => edges.slice(0, index).flatMap((edge, from) => (edge === kind ? [`t${from}`] : []));
      return {
        id: `t${index}`,
        after: linked('hard'),
        softAfter: linked('soft'),
        task: { ...(idempotent !== undefined && { idempotent }) },
        spec: { ...(compensation && UNDO), ...(artifacts && { artifacts: ['out'] }), fields: label === undefined ? {} : { checkpoint: label } },
        is: { acted, failed: failed && acted, state: !acted ? 'PENDING' : failed ? 'FAILED' : 'SUCCEEDED', attempt: acted ? 1 : 0 },
      };
    }),
  ),
);
