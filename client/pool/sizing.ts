/**
 * How many workers a pool has, and of which roles (spec/003, rules A, B and C). Pure: one step at a time, from what
 * waits, who is there and what time it is.
 */
import type { Demand, Waiting } from './demand.ts';
import type { Role } from './role.ts';
import { canTake, isGeneric } from './role.ts';

export interface Limits {
  readonly min: number;
  /** Processes, those that are retired and still run something counted in. At least as many as there are roles. */
  readonly max: number;
  /** More tasks than this must wait for each worker before another one starts. */
  readonly alpha: number;
  /** Nothing has waited for this long before a worker is retired, in milliseconds. */
  readonly quietMs: number;
}

export interface Member {
  readonly id: number;
  readonly role: Role;
  /** Commands it runs; 0 while it starts. */
  readonly running: number;
  readonly slots: number;
  /** Takes nothing more and ends when its commands have. */
  readonly retired: boolean;
}

export interface SizingState {
  /** By role: since when nothing has waited that it could take, in milliseconds since the epoch. */
  readonly quietSince: ReadonlyMap<string, number>;
}

/** Also after a look that learned nothing: nobody knows whether it was quiet meanwhile. */
export const UNSEEN: SizingState = { quietSince: new Map() };

export type Step =
  | { readonly type: 'grow'; readonly role: Role; readonly because: 'min' | 'uncovered' | 'waiting'; readonly waiting: number; readonly workers: number }
  | { readonly type: 'retire'; readonly id: number; readonly because: 'quiet' | 'room'; readonly workers: number };

export interface Look {
  readonly demand: Demand;
  readonly members: readonly Member[];
  readonly roles: readonly Role[];
  readonly limits: Limits;
  readonly now: number;
}

const takes = (role: Role, { capabilities, shared }: Waiting): boolean => (shared ? isGeneric(role) : canTake(role, capabilities));

const sum = (waiting: readonly Waiting[]): number => waiting.reduce((total, { tasks }) => total + tasks, 0);

/** Whom a task is for, of those that can take it: the one with the fewest capabilities besides, a generic one last. */
const fitting = (roles: readonly Role[], waiting: Waiting): Role | undefined => {
  const able = roles.filter((role) => takes(role, waiting));
  const generic = able.find(isGeneric);
  const special = able.filter((role) => !isGeneric(role)).toSorted((a, b) => a.capabilities.length - b.capabilities.length)[0];
  return waiting.capabilities.length === 0 ? (generic ?? special) : (special ?? generic);
};

/** The role with the most work for each of its workers, one more counted; without any work the one with the fewest workers. */
const roleToStart = (roles: readonly Role[], waiting: readonly Waiting[], working: readonly Member[]): Role | undefined => {
  const ranked = roles.map((role, order) => {
    const workers = working.filter((member) => member.role.name === role.name).length;
    const work = sum(waiting.filter((item) => fitting(roles, item)?.name === role.name));
    return { role, order, workers, share: work / (workers + 1) };
  });
  return ranked.toSorted((a, b) => b.share - a.share || a.workers - b.workers || a.order - b.order)[0]?.role;
};

/** Whether the others of its role have room for all that it runs. */
const isSpare = (member: Member, working: readonly Member[]): boolean => {
  const others = working.filter(({ id, role }) => id !== member.id && role.name === member.role.name);
  return member.running === 0 || others.reduce((room, { slots, running }) => room + slots - running, 0) >= member.running;
};

/** The least busy, and of those the newest. A busy one never while any is idle. */
const leastBusy = (candidates: readonly Member[], working: readonly Member[]): Member | undefined => {
  const [first] = candidates.toSorted((a, b) => a.running - b.running || b.id - a.id);
  return first && first.running > 0 && working.some(({ running }) => running === 0) ? undefined : first;
};

const growth = ({ demand, members, roles, limits }: Look): Step | undefined => {
  const working = members.filter(({ retired }) => !retired);
  const workers = working.length;
  if (members.length >= limits.max) return undefined;
  const able = demand.waiting.filter((item) => roles.some((role) => takes(role, item)));
  const uncovered = able.filter((item) => !working.some(({ role }) => takes(role, item)));
  const start = (because: 'min' | 'uncovered' | 'waiting', work: readonly Waiting[]): Step | undefined => {
    const role = roleToStart(roles, work, working);
    return role && { type: 'grow', role, because, waiting: sum(work), workers };
  };
  if (sum(uncovered) > 0) return start('uncovered', uncovered);
  if (workers < limits.min) return start('min', able);
  return sum(able) > limits.alpha * workers ? start('waiting', able) : undefined;
};

/** When all places are taken and work waits that none of them can do, one of several of a kind that has nothing to do makes room. */
const room = ({ demand, members, roles, limits }: Look): Step | undefined => {
  const working = members.filter(({ retired }) => !retired);
  const isUncovered = (item: Waiting): boolean => item.tasks > 0 && roles.some((role) => takes(role, item)) && !working.some(({ role }) => takes(role, item));
  const isComing = members.some(({ retired, running }) => retired && running === 0);
  if (members.length < limits.max || isComing || working.length <= limits.min || !demand.waiting.some(isUncovered)) return undefined;
  const several = working.filter(({ id, role }) => working.some((other) => other.id !== id && other.role.name === role.name));
  const unasked = several.filter(({ role, running }) => running === 0 && !demand.waiting.some((item) => item.tasks > 0 && takes(role, item)));
  const member = leastBusy(unasked, working);
  return member && { type: 'retire', id: member.id, because: 'room', workers: working.length };
};

const shrinking = ({ members, limits, now }: Look, { quietSince }: SizingState): Step | undefined => {
  const working = members.filter(({ retired }) => !retired);
  if (working.length <= limits.min) return undefined;
  const quiet = working.filter(({ role }) => now - (quietSince.get(role.name) ?? now) >= limits.quietMs);
  const member = leastBusy(quiet.filter((each) => isSpare(each, working)), working);
  return member && { type: 'retire', id: member.id, because: 'quiet', workers: working.length };
};

/** At most one step a look: what a new worker takes is seen before another one starts. */
export const decide = (before: SizingState, look: Look): { readonly state: SizingState; readonly step?: Step } => {
  const { demand, roles, now } = look;
  const quiet = demand.complete ? roles.filter((role) => !demand.waiting.some((item) => item.tasks > 0 && takes(role, item))) : [];
  const state: SizingState = { quietSince: new Map(quiet.map(({ name }) => [name, before.quietSince.get(name) ?? now])) };
  const step = growth(look) ?? room(look) ?? shrinking(look, state);
  if (!step) return { state };
  // The next one waits as long again.
  return { state: step.type === 'retire' ? { quietSince: new Map([...state.quietSince.keys()].map((name) => [name, now])) } : state, step };
};
