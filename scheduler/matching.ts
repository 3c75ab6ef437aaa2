/**
 * Which worker a task goes to: the best there is of those that can take it and have room. Deterministic and without
 * state: the same table, loads and need give the same answer.
 *
 * 1. A generic worker can take anything. Others must have all the capabilities that the task asks for.
 * 2. A task that belongs to a host goes there, while a worker that can take it lives there.
 * 3. Specialised before generic: first those whose primary capability is asked for, then the other ones, then generic
 *    ones. A task that asks for nothing goes to generic ones first.
 * 4. Then the least loaded, by its share of slots in use; then by name.
 *
 * Generic workers share one queue: whoever has a slot takes the next. A task goes to a chosen one only for its host.
 */
import type { MatchingPolicy } from '../model/graph.ts';
import type { WorkerProfile } from '../model/pool.ts';

/** What a task asks of a worker. */
export interface Need {
  readonly capabilities: readonly string[];
  /** Where the files are that it goes with. */
  readonly host?: string;
  /** It gets no room on a machine under any pressure. */
  readonly canWait: boolean;
}

export type Match =
  /** Any worker of the shared queue. */
  | { readonly to: 'anyone' }
  | { readonly to: 'worker'; readonly worker: WorkerProfile }
  /** Those that can take it have no room now. */
  | { readonly to: 'later'; readonly workers: readonly WorkerProfile[] }
  /** Nobody who lives can take it; `missing` is what nobody can do, empty when no one worker can do all of it. */
  | { readonly to: 'nobody'; readonly missing: readonly string[] };

export interface Room {
  /** Tasks of this execution on a worker's own queue, or at work from there. */
  loadOf(worker: string): number;
  /** Whether the worker may be given one more, of this many slots. */
  hasRoom(worker: WorkerProfile, slots: number, canWait: boolean): boolean;
  /** Whether the queue that these share may be given one more; `slots` is how many they have, where that matters. */
  hasSharedRoom(generic: readonly WorkerProfile[], slots: number | undefined, canWait: boolean): boolean;
}

const isGeneric = ({ capabilities }: WorkerProfile): boolean => capabilities.length === 0;

const canTake = (worker: WorkerProfile, need: Need): boolean =>
  isGeneric(worker) || need.capabilities.every((each) => worker.capabilities.includes(each));

export const matchWorker = (options: { readonly need: Need; readonly workers: readonly WorkerProfile[]; readonly policy: MatchingPolicy; readonly room: Room }): Match => {
  const { need, workers, policy, room } = options;
  const able = workers.filter((worker) => canTake(worker, need));
  if (able.length === 0) return need.capabilities.length === 0 ? { to: 'anyone' } : { to: 'nobody', missing: missingOf(need, workers) };
  const there = able.filter(({ host }) => host === need.host);
  const fit = there.length > 0 ? there : able;
  const generic = fit.filter(isGeneric);
  // Who takes it from the shared queue may be any of them: that will do if all of them would do.
  const isShared = generic.length > 0 && workers.filter(isGeneric).every((worker) => generic.includes(worker));
  const slotsOf = ({ slots }: WorkerProfile): number => Math.min(slots, policy.maxTasksPerWorker ?? slots);
  // What only some can do waits for the first of them that has room; the rest may as well wait in the shared queue.
  const sharedSlots = need.capabilities.length > 0 ? generic.reduce((sum, worker) => sum + slotsOf(worker), 0) : undefined;
  const free = fit.filter((worker) => (isGeneric(worker) && isShared ? room.hasSharedRoom(generic, sharedSlots, need.canWait) : room.hasRoom(worker, slotsOf(worker), need.canWait)));
  const rank = (worker: WorkerProfile): number => rankOf(worker, need, policy);
  const load = (worker: WorkerProfile): number => room.loadOf(worker.worker) / slotsOf(worker);
  const [best] = free.sort((a, b) => rank(a) - rank(b) || load(a) - load(b) || (a.worker < b.worker ? -1 : 1));
  if (!best) return { to: 'later', workers: fit };
  return isGeneric(best) && isShared ? { to: 'anyone' } : { to: 'worker', worker: best };
};

const rankOf = (worker: WorkerProfile, { capabilities }: Need, { preferSpecialized }: MatchingPolicy): number => {
  const [primary] = worker.capabilities;
  if (capabilities.length === 0) return primary === undefined ? 0 : 1;
  if (!preferSpecialized) return 0;
  if (primary === undefined) return 2;
  return capabilities.includes(primary) ? 0 : 1;
};

const missingOf = ({ capabilities }: Need, workers: readonly WorkerProfile[]): readonly string[] =>
  capabilities.filter((each) => !workers.some((worker) => worker.capabilities.includes(each)));
