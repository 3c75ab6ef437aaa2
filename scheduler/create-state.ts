/** The state that an execution begins with. */
import type { Graph } from '../model/graph.ts';
import { GraphIndex } from './graph-index.ts';
import type { SchedulerState, TaskRecord } from './protocol.ts';
import { layOutWaves } from './wave.ts';

export interface CreateOptions {
  readonly graph: Graph;
  /** Seed of every jitter: the plan's hash. */
  readonly seed: string;
  readonly now: number;
  /** The model was forced: the plan's own waves do not count. */
  readonly forceWaves?: boolean;
  /** Tasks taken over from an earlier execution, by index: attempts begun, whether they succeeded, and whether they may have done something. */
  readonly carried?: ReadonlyMap<number, { readonly attempts: number; readonly succeeded: boolean; readonly acted?: boolean }>;
  /** Tasks that are left out, by index, unless they have succeeded before: earlier executions have quarantined them. */
  readonly quarantined?: ReadonlySet<number>;
}

export const createState = (options: CreateOptions): SchedulerState => {
  const { graph, seed, now, carried, quarantined } = options;
  const live = { ...graph, tasks: [...graph.tasks], sources: [...graph.sources] };
  const records = graph.tasks.map((_, i): TaskRecord => {
    const before = carried?.get(i);
    const waits = quarantined?.has(i) ? 'QUARANTINED' : 'PENDING';
    return { state: before?.succeeded ? 'SUCCEEDED' : waits, attempt: before?.attempts ?? 0, failures: 0, ...((before?.acted ?? before?.succeeded) && { acted: true }) };
  });
  const waves = graph.policies.executionModel === 'wave_based';
  return {
    schema: 1,
    graph: live,
    version: 1,
    records,
    mode: 'running',
    seed,
    retries: 0,
    patches: [],
    ...(graph.calendars && graph.calendars.length > 0 && { windows: { calendars: {}, asked: false } }),
    ...(waves && { wave: layOutWaves(new GraphIndex(live), graph.policies.wave, options.forceWaves ?? false, now) }),
  };
};
