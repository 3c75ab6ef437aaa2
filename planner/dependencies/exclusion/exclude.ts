/** Who takes turns with whom, at what, and in which order. */
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { byInfrastructure, byRule } from '../cite.ts';
import type { Context } from '../context.ts';
import type { Warn } from '../rule.ts';
import type { Settled } from '../settle.ts';
import { listed } from '../words.ts';
import type { Claim } from './claims.ts';
import { claimsOf } from './claims.ts';
import { undecided } from './undecided.ts';
import type { Exclusion, Exclusions } from './exclusion.ts';
import { EXCLUSIVE, inOrder, LIMITED, pairKey, SAME_FILE } from './exclusion.ts';
import type { WrittenPath } from './scopes.ts';
import { writtenBy } from './scopes.ts';

/** Beyond this the turns at files go unsaid; `files_scope` keeps their writers apart all the same when they run. */
const MAX_TURNS = 20_000;
const HOW = 'Ordered after what each task waits for, then by the order of the plan';

interface Scene {
  readonly context: Context;
  readonly settled: Settled;
  readonly result: Exclusions;
}

const idOf = ({ context }: Scene, index: number): string => context.steps[index]?.id ?? '';

/** One pair has one exclusion, the first; what else keeps the two apart is evidence. */
const exclude = ({ result }: Scene, found: Exclusion): void => {
  const key = pairKey(found.from, found.to);
  const known = result.pairs.get(key);
  if (!known) result.pairs.set(key, found);
  else if (known.resource !== found.resource) result.pairs.set(key, { ...known, evidence: [...known.evidence, ...found.evidence].slice(0, 6) });
};

/** Each of an order with the next one, unless one waits for the other anyway. Whether there was any such pair. */
const takeTurns = (scene: Scene, order: readonly number[], how: (from: number, to: number) => Omit<Exclusion, 'from' | 'to'>): boolean => {
  let isAny = false;
  for (const [at, to] of order.entries()) {
    const from = order[at - 1];
    if (from === undefined || scene.settled.areOrdered(from, to)) continue;
    isAny = true;
    exclude(scene, { from, to, ...how(from, to) });
  }
  return isAny;
};

const becauseOf = ({ name, resource }: Claim): string => (resource ? `${resource.reason.replace(/[.\s]+$/u, '')} (${resource.location})` : `The tasks say that "${name}" is one task's at a time`);

const exclusively = (scene: Scene, claim: Claim): void => {
  const { name, resource } = claim;
  const order = inOrder(claim.units.keys(), scene.settled);
  if (order.length < 2) return;
  const because = becauseOf(claim);
  const evidence = [resource ? byInfrastructure(because, EXCLUSIVE.confidence) : byRule(EXCLUSIVE, because)];
  takeTurns(scene, order, (from, to) => ({ rule: EXCLUSIVE, resource: name, evidence, reason: `${idOf(scene, from)} and ${idOf(scene, to)} both need "${name}", which is one task's at a time` }));
  const ids = order.map((index) => idOf(scene, index));
  scene.result.conflicts.set(name, { tasks: ids, resolution: 'sequential_ordering', suggested_order: ids, rationale: `${because}. ${HOW}` });
};

/** Units come back in the order in which they were taken. */
const limited = (scene: Scene, claim: Claim): void => {
  const { name, capacity, units } = claim;
  const order = inOrder(units.keys(), scene.settled);
  const wanted = [...units.values()].reduce((sum, each) => sum + each, 0);
  if (wanted <= capacity) return;
  const because = becauseOf(claim);
  const evidence = [byInfrastructure(`${because}; ${wanted} units are wanted, ${capacity} there`, LIMITED.confidence)];
  let free = capacity;
  let next = 0;
  let isAny = false;
  for (const to of order) {
    for (const wants = units.get(to) ?? 0; free < wants; next += 1) {
      const from = order[next] ?? to;
      free += units.get(from) ?? 0;
      if (from === to || scene.settled.areOrdered(from, to)) continue;
      isAny = true;
      const reason = `${idOf(scene, to)} needs what ${idOf(scene, from)} has of "${name}": there are ${capacity} units`;
      if (!scene.result.pairs.has(pairKey(from, to))) exclude(scene, { from, to, rule: LIMITED, resource: name, evidence, reason });
    }
    free -= units.get(to) ?? 0;
  }
  if (!isAny) return;
  const ids = order.map((index) => idOf(scene, index));
  scene.result.conflicts.set(name, { tasks: ids, resolution: 'capacity_planning', suggested_order: ids, rationale: `${because}. ${wanted} units are wanted, and ${capacity} there. ${HOW}` });
};

const within = (few: ReadonlySet<number>, many: ReadonlyMap<number, number>): boolean => [...few].every((each) => many.has(each));

const atFiles = (scene: Scene, paths: readonly WrittenPath[], { claims, warn }: { readonly claims: readonly Claim[]; readonly warn: Warn }): void => {
  const exclusive = claims.filter(({ isExclusive, units }) => isExclusive && units.size > 1);
  /** Paths that the same tasks write are one conflict. */
  const shared = new Map<string, { readonly order: readonly number[]; readonly paths: string[] }>();
  let turns = 0;
  for (const { path, writers } of paths) {
    if (exclusive.some(({ units }) => within(writers, units))) continue;
    const order = inOrder(writers, scene.settled);
    const key = order.join(' ');
    const known = shared.get(key);
    if (known) {
      known.paths.push(path);
      continue;
    }
    turns += order.length - 1;
    if (turns > MAX_TURNS) {
      warn(`More than ${MAX_TURNS} pairs of tasks write the same files; turns at "${path}" and what follows are left to files_scope.`);
      break;
    }
    shared.set(key, { order, paths: [path] });
  }
  for (const { order, paths: written } of shared.values()) {
    const [path] = written;
    if (path === undefined) continue;
    const names = listed(written);
    const resource = `file:${path}`;
    const evidence = [byRule(SAME_FILE, `Both may write ${names}`)];
    const isAny = takeTurns(scene, order, (from, to) => ({ rule: SAME_FILE, resource, evidence, reason: `${idOf(scene, from)} and ${idOf(scene, to)} both write ${names}` }));
    if (!isAny) continue;
    const ids = order.map((index) => idOf(scene, index));
    scene.result.conflicts.set(resource, { tasks: ids, resolution: 'sequential_ordering', suggested_order: ids, rationale: `All of them may write ${names}, and two at once would overwrite each other. ${HOW}` });
  }
};

const tooMuch = ({ steps }: Context, claims: readonly Claim[]): readonly Problem[] =>
  claims.flatMap(({ name, capacity, units }) =>
    [...units].flatMap(([index, wants]): readonly Problem[] => {
      if (wants <= capacity) return [];
      const message = `Task ${steps[index]?.id} needs ${wants} units of "${name}", and there ${capacity === 1 ? 'is 1' : `are ${capacity}`}.`;
      return [{ code: 'TASKS1606', message, hint: `Let it need at most ${capacity}, or state a larger capacity of "${name}".` }];
    }),
  );

/** What keeps steps apart, given what is settled: an order that contradicts none of that. */
export const exclusionsOf = (context: Context, settled: Settled, warn: Warn): Result<Exclusions> => {
  const written = writtenBy(context, warn);
  const claims = claimsOf(context, written, warn);
  const problems = [...tooMuch(context, claims), ...undecided(context, settled, claims)];
  if (problems.length > 0) return fail(problems);
  const scene: Scene = { context, settled, result: { pairs: new Map(), conflicts: new Map() } };
  for (const claim of claims) if (claim.isExclusive) exclusively(scene, claim);
  atFiles(scene, written.paths, { claims, warn });
  for (const claim of claims) if (!claim.isExclusive) limited(scene, claim);
  return ok(scene.result);
};
