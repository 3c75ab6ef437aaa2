/**
 * Which task comes before which, and why: every dependency has a rule that found it, a reason and evidence (`docs/dependencies.md`).
 *
 * Rules look at what tasks say of themselves (interfaces, files, resources, requirements) and at what the document says of order. Of
 * each pair the strongest counts, in one direction, with the evidence of all. Hard ones close no cycle, unless the document states it.
 * Tasks that cannot run beside each other are ordered so that nothing hard is contradicted; soft ones come last, where nothing else
 * orders their tasks.
 */
import type { Result } from '../../model/problem.ts';
import { ok } from '../../model/problem.ts';
import type { Dependency, ResourceConflict } from '../artifacts/tasks.schema.ts';
import type { Precedence } from './candidates.ts';
import { precedencesOf } from './candidates.ts';
import type { Context, DependencyInput } from './context.ts';
import { contextOf } from './context.ts';
import { exclusionsOf } from './exclusion/exclude.ts';
import type { Exclusion } from './exclusion/exclusion.ts';
import { pairKey } from './exclusion/exclusion.ts';
import { settle, settleSoft } from './settle.ts';

export interface FoundDependencies {
  /** By the places of their tasks in the plan: of what comes first, then of what waits. */
  readonly dependencies: readonly Dependency[];
  readonly conflicts: Readonly<Record<string, ResourceConflict>>;
  /** What was found, and does not count, or may be a mistake. */
  readonly warnings: readonly string[];
}

/** More of them are only counted. */
const MAX_WARNINGS = 100;

const bounded = (warnings: readonly string[]): readonly string[] => {
  const each = [...new Set(warnings)];
  return each.length > MAX_WARNINGS ? [...each.slice(0, MAX_WARNINGS), `There are ${each.length - MAX_WARNINGS} more warnings of this kind.`] : each;
};

type Found = Precedence | Exclusion;

const written = ({ steps }: Context, found: Found): readonly Dependency[] => {
  const [from, to] = [steps[found.from], steps[found.to]];
  if (!from || !to) return [];
  const { type, confidence, isHard } = found.rule;
  const shared = 'resource' in found ? { shared_resource: found.resource } : {};
  return [{ from: from.id, to: to.id, type, reason: found.reason, ...shared, evidence: [...found.evidence], confidence, isHard }];
};

/** @throws never; TASKS1606 where what tasks need cannot be had in any order. */
export const findDependencies = (input: DependencyInput): Result<FoundDependencies> => {
  const warnings: string[] = [];
  const warn = (message: string): void => {
    warnings.push(message);
  };
  const context = contextOf(input);
  const settled = settle(context, precedencesOf(context, warn), warn);
  const excluded = exclusionsOf(context, settled, warn);
  if (!excluded.ok) return excluded;
  const { pairs, conflicts } = excluded.value;
  for (const { from, to } of pairs.values()) settled.order.add(from, to);
  const soft = settleSoft(settled, (one, other) => pairs.has(pairKey(one, other)));
  const all: readonly Found[] = [...settled.hard, ...pairs.values(), ...soft];
  const sorted = [...all].sort((a, b) => a.from - b.from || a.to - b.to);
  return ok({ dependencies: sorted.flatMap((each) => written(context, each)), conflicts: Object.fromEntries(conflicts), warnings: bounded(warnings) });
};
