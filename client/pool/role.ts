/** What the workers of a pool may be: each role is a set of capabilities, and `generic` is none. */
import { isPlainName } from '../../model/ids.ts';
import { MAX_CAPABILITIES } from '../../model/pool.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';

/** The word for a worker without capabilities. */
export const GENERIC = 'generic';

export interface Role {
  /** As it is written: `db,testing`. */
  readonly name: string;
  /** The first is the primary one; none for a generic worker. */
  readonly capabilities: readonly string[];
}

export const isGeneric = ({ capabilities }: Role): boolean => capabilities.length === 0;

/** A generic worker takes any task; another one needs all that the task asks for. */
export const canTake = (role: Role, wanted: readonly string[]): boolean => isGeneric(role) || wanted.every((name) => role.capabilities.includes(name));

const problem = (message: string): Problem => ({ code: 'TASKS3010', message });

/** `db,testing` is one role with two capabilities. A role that stands twice counts once; none at all is one generic role. */
export const readRoles = (texts: readonly string[]): Result<readonly Role[], Problem> => {
  const roles = new Map<string, Role>();
  for (const text of texts) {
    const words = [...new Set(text.split(',').map((word) => word.trim()))];
    const bad = words.find((word) => !isPlainName(word));
    if (bad !== undefined) return fail(problem(`--role ${JSON.stringify(text)}: ${JSON.stringify(bad)} is not the name of a capability`));
    if (words.includes(GENERIC) && words.length > 1) return fail(problem(`--role ${JSON.stringify(text)}: a generic worker has no capabilities`));
    if (words.length > MAX_CAPABILITIES) return fail(problem(`--role: a worker has at most ${MAX_CAPABILITIES} capabilities, not ${words.length}`));
    const name = words.join(',');
    roles.set(name, { name, capabilities: name === GENERIC ? [] : words });
  }
  return ok(roles.size > 0 ? [...roles.values()] : [{ name: GENERIC, capabilities: [] }]);
};
