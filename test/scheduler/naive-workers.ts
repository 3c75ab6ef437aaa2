/** Where a task goes, by the words of the rules alone: of all workers, one after the other, none remembered from before. */
import type { GraphTask } from '../../model/graph.ts';
import type { WorkerProfile } from '../../model/pool.ts';
import type { SchedulerState } from '../../scheduler/protocol.ts';

/** `anyone` is the shared queue; `later` when those that could have no room; `nobody` when none could. */
export type Whereabouts = 'anyone' | 'later' | 'nobody' | { readonly worker: string; readonly host: string };

export const whereTo = (state: SchedulerState, index: number, now: number): Whereabouts => {
  const task = state.graph.tasks[index] as GraphTask;
  const wanted = new Set(task.capabilities);
  if (task.executor === 'human') return 'anyone';
  const workers = state.placement?.table?.workers;
  if (!workers) return wanted.size > 0 ? 'nobody' : 'anyone';
  const generics = workers.filter((worker) => worker.capabilities.length === 0);
  const able = workers.filter((worker) => worker.capabilities.length === 0 || [...wanted].every((each) => worker.capabilities.includes(each)));
  if (able.length === 0) return wanted.size > 0 ? 'nobody' : 'anyone';
  const home = (task.affinity ?? []).map((name) => state.placement?.hosts.find(([known]) => known === name)?.[1]).find((host) => host !== undefined);
  const near = able.filter((worker) => worker.host === home);
  const candidates = near.length > 0 ? near : able;
  const anyGenericWillDo = candidates.some((worker) => worker.capabilities.length === 0) && generics.every((worker) => candidates.includes(worker));
  const matching = state.graph.policies.matching;
  const under = (name: string | undefined): number => state.records.filter((record) => ['ASSIGNED', 'RUNNING'].includes(record.state) && record.placedOn === name).length;
  const limit = (worker: WorkerProfile): number => Math.min(worker.slots, matching.maxTasksPerWorker ?? Number.POSITIVE_INFINITY);
  const isPatient = (task.priority ?? 3) >= 5;
  const isFree = (worker: WorkerProfile): boolean => {
    if (worker.capabilities.length === 0 && anyGenericWillDo) {
      const all = candidates.filter((each) => each.capabilities.length === 0).map(limit);
      if (wanted.size > 0 && under(undefined) >= all.reduce((sum, slots) => sum + slots, 0)) return false;
      if (generics.some(({ pressure }) => pressure === 'none')) return true;
      return !isPatient && under(undefined) === 0 && generics.some(({ pressure }) => pressure === 'soft');
    }
    const doubt = state.placement?.doubts.find((each) => each.worker === worker.worker);
    if (doubt) return doubt.until <= now && under(worker.worker) === 0;
    if (worker.pressure === 'hard') return false;
    return worker.pressure === 'soft' ? !isPatient && under(worker.worker) === 0 : under(worker.worker) < limit(worker);
  };
  const kind = (worker: WorkerProfile): number => {
    const isGeneric = worker.capabilities.length === 0;
    if (wanted.size === 0) return isGeneric ? 0 : 1;
    if (!matching.preferSpecialized) return 0;
    if (isGeneric) return 2;
    return wanted.has(worker.capabilities[0] as string) ? 0 : 1;
  };
  let best: WorkerProfile | undefined;
  for (const worker of candidates.filter(isFree)) {
    if (!best) best = worker;
    else {
      const [x, y] = [worker, best].map((each): readonly [number, number, string] => [kind(each), under(each.worker) / limit(each), each.worker]) as [readonly [number, number, string], readonly [number, number, string]];
      if (x[0] < y[0] || (x[0] === y[0] && (x[1] < y[1] || (x[1] === y[1] && x[2] < y[2])))) best = worker;
    }
  }
  if (!best) return 'later';
  return best.capabilities.length === 0 && anyGenericWillDo ? 'anyone' : { worker: best.worker, host: best.host };
};
