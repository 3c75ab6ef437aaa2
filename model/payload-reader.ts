/** Reads payloads that anybody may send, without a schema library: what is wrong with one is said, key by key. */
import { fail, ok } from './problem.ts';
import type { Result } from './problem.ts';
import { isObject, missingKeys, wrongKeys } from './shape.ts';
import type { Shape } from './shape.ts';

/** @param what - the payload in words, as the subject of a sentence. */
export const payloadReader =
  <T>(what: string, shape: Shape<T>, required: readonly (keyof T & string)[]) =>
  (payload: unknown): Result<T> => {
    if (!isObject(payload)) return refused(`${what} is not an object`);
    const wrong = wrongKeys(payload, shape);
    if (wrong.length > 0) return refused(`${what} has a value that is unknown or not accepted: ${wrong.join(', ')}`);
    const missing = missingKeys(payload, required);
    return missing.length > 0 ? refused(`${what} needs ${missing.join(', ')}`) : ok(payload as unknown as T);
  };

const refused = (message: string): Result<never> => fail([{ code: 'TASKS3011', message }]);
