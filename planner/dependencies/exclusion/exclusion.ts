/** Steps that cannot run beside each other, and are ordered so that they need not meet. */
import type { ResourceConflict } from '../../artifacts/tasks.schema.ts';
import type { Evidence, Rule } from '../rule.ts';
import type { Settled } from '../settle.ts';

export interface Exclusion {
  readonly from: number;
  readonly to: number;
  readonly rule: Rule;
  readonly resource: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

export interface Exclusions {
  /** Of each pair of steps the strongest, by {@link pairKey}. */
  readonly pairs: Map<string, Exclusion>;
  /** By the name of the resource, which users choose. */
  readonly conflicts: Map<string, ResourceConflict>;
}

export const pairKey = (one: number, other: number): string => `${Math.min(one, other)} ${Math.max(one, other)}`;

export const EXCLUSIVE: Rule = {
  id: 'exclusive-resource',
  type: 'mutual_exclusion',
  confidence: 1,
  isHard: true,
  says: 'Tasks that need the same exclusive resource (or write what belongs to it) take turns: each with the next one, unless one waits for the other anyway',
  example: 'two tasks with `database_migrations` in `exclusive_resources`',
};
export const SAME_FILE: Rule = {
  id: 'same-file',
  type: 'mutual_exclusion',
  confidence: 1,
  isHard: true,
  says: 'Tasks that write the same file, or patterns that can match the same one, take turns likewise; the resource is `file:` and the narrower pattern',
  example: '`src/app.ts` and `src/*.ts` in `files_scope.writes`',
};
export const LIMITED: Rule = {
  id: 'limited-resource',
  type: 'resource_limited',
  confidence: 1,
  isHard: true,
  says: 'Where tasks want more units of a resource than there are, each waits for those that came so far before it that their units must be back',
  example: 'the 4th task that uses `test_db_pool` of 3 waits for the 1st',
};
export const EXCLUSION_RULES: readonly Rule[] = [EXCLUSIVE, SAME_FILE, LIMITED];

/** After all that they wait for, then plan order. */
export const inOrder = (members: Iterable<number>, { place }: Pick<Settled, 'place'>): readonly number[] => [...members].sort((a, b) => (place[a] ?? 0) - (place[b] ?? 0) || a - b);
