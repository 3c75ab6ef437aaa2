/**
 * Dependencies of a plan that goes on. Between two tasks that stay they stay as they were: somebody may have added or taken out one.
 * What is finished waits for nothing: dependencies that newly lead into it are left out, or turned round where two tasks only take
 * turns, for the finished one has had its turn.
 */
import type { Dependency, ResourceConflict } from '../artifacts/tasks.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Adaptation } from './adaptations.ts';
import { changedFields } from './changed-fields.ts';
import { adaptedBy } from './old-task.ts';
import type { PreviousPlan } from './previous-plan.ts';

export interface ReplanDependenciesOptions {
  readonly found: readonly Dependency[];
  readonly tasks: readonly PlannedTask[];
  readonly adaptations: ReadonlyMap<string, Pick<Adaptation, 'adapts' | 'reason'>>;
  readonly previous: Pick<PreviousPlan, 'tasks' | 'finished'>;
}

const TAKES_TURNS: ReadonlySet<Dependency['type']> = new Set<Dependency['type']>(['mutual_exclusion', 'resource_limited']);
const keyOf = ({ from, to, type }: Dependency): string => `${from} ${to} ${TAKES_TURNS.has(type) ? type : ''}`;

export const replanDependencies = ({ found, tasks, adaptations, previous: { tasks: before, finished } }: ReplanDependenciesOptions): readonly Dependency[] => {
  const staying = stayingTasks(before.tasks, tasks, finished);
  const isOld = ({ from, to }: Dependency): boolean => staying.has(from) && staying.has(to);
  const old = new Map(before.dependencies.map((each) => [keyOf(each), each]));
  const own = adapting({ tasks, adaptations, before: before.dependencies });
  // Of two tasks there is one dependency: what comes after the other takes no turns with it.
  const replaced = new Set(own.map(({ from, to }) => `${from} ${to}`));
  const kept: Dependency[] = [];
  const seen = new Set<string>();
  const put = (dependency: Dependency): void => {
    const key = keyOf(dependency);
    if (replaced.has(`${dependency.from} ${dependency.to}`) || seen.has(key)) return;
    seen.add(key);
    kept.push(dependency);
  };
  for (const dependency of found) {
    const known = old.get(keyOf(dependency));
    const isTurn = TAKES_TURNS.has(dependency.type);
    if (isOld(dependency)) {
      if (known) put(known);
      else if (isTurn && !finished.has(dependency.to)) put(dependency);
    } else if (!finished.has(dependency.to)) put(dependency);
    else if (known) put(known);
    else if (isTurn) put({ ...dependency, from: dependency.to, to: dependency.from });
  }
  for (const dependency of stillOpen(before.dependencies.filter((each) => isOld(each) && !seen.has(keyOf(each))), [...kept, ...own])) put(dependency);
  return [...kept, ...own];
};

/** Finished ones, and those that ask for what they asked for. */
const stayingTasks = (before: readonly PlannedTask[], tasks: readonly PlannedTask[], finished: ReadonlySet<string>): ReadonlySet<string> => {
  const old = new Map(before.map((task) => [task.id, task]));
  return new Set(tasks.flatMap((task) => {
    const known = old.get(task.id);
    return known && (finished.has(task.id) || changedFields(known, task).length === 0) ? [task.id] : [];
  }));
};

/** More of them are taken as they are, and cycles are broken where all others are. */
const MAX_WALKS = 1_000;

/** Those that close no cycle with what was found since. */
const stillOpen = (wanted: readonly Dependency[], found: readonly Dependency[]): readonly Dependency[] => {
  const next = new Map<string, string[]>();
  const join = ({ from, to }: Dependency): void => {
    const own = next.get(from);
    if (own) own.push(to);
    else next.set(from, [to]);
  };
  for (const each of found) join(each);
  return wanted.filter((dependency, at) => {
    if (at < MAX_WALKS && reaches(next, dependency.to, dependency.from)) return false;
    join(dependency);
    return true;
  });
};

const reaches = (next: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean => {
  const seen = new Set([from]);
  const pending = [from];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    if (task === to) return true;
    for (const other of next.get(task) ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      pending.push(other);
    }
  }
  return false;
};

/** From what is finished to what adapts it; of a task that stays as they were. */
const adapting = ({ tasks, adaptations, before }: Pick<ReplanDependenciesOptions, 'tasks' | 'adaptations'> & { readonly before: readonly Dependency[] }): readonly Dependency[] =>
  tasks.flatMap((task): readonly Dependency[] => {
    const made = adaptations.get(task.id);
    if (!made) {
      const adapts = new Set(adaptedBy(task));
      return before.filter(({ from, to, type }) => to === task.id && adapts.has(from) && !TAKES_TURNS.has(type));
    }
    return made.adapts.map((from) => ({
      from,
      to: task.id,
      type: 'technical',
      reason: `${task.id} changes what ${from} made: ${made.reason}`,
      evidence: [{ type: 'doc', reason: made.reason, confidence: 1 }],
      confidence: 1,
      isHard: true,
    }));
  });

const FILE = 'file:';

/** Whoever is finished comes first in the order that is suggested; files for which nobody takes turns any more are no conflicts. */
export const replanConflicts = (conflicts: Readonly<Record<string, ResourceConflict>>, dependencies: readonly Dependency[], finished: ReadonlySet<string>): Readonly<Record<string, ResourceConflict>> => {
  const taken = new Set(dependencies.map(({ shared_resource: shared }) => shared));
  return Object.fromEntries(
    Object.entries(conflicts).flatMap(([name, conflict]) => {
      if (name.startsWith(FILE) && !taken.has(name)) return [];
      const { suggested_order: order } = conflict;
      return [[name, order === undefined ? conflict : { ...conflict, suggested_order: [...order.filter((id) => finished.has(id)), ...order.filter((id) => !finished.has(id))] }]];
    }),
  );
};

interface Discovered {
  readonly dependencies: readonly Dependency[];
  readonly conflicts: Readonly<Record<string, ResourceConflict>>;
}

/** What was found of dependencies and conflicts, for a plan that goes on. */
export const replanDiscovered = <T extends Discovered>(found: T, breakdown: Pick<ReplanDependenciesOptions, 'tasks' | 'adaptations'>, previous: ReplanDependenciesOptions['previous']): T => {
  const dependencies = replanDependencies({ found: found.dependencies, tasks: breakdown.tasks, adaptations: breakdown.adaptations, previous });
  return { ...found, dependencies, conflicts: replanConflicts(found.conflicts, dependencies, previous.finished) };
};
