/** Files of a project that are not sources, as text. */
import { readFile, stat } from 'node:fs/promises';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { MAX_MANIFEST_BYTES } from '../limits.ts';

/**
 * Undefined when there is no such file. A byte order mark stays: what is written back must be what was read.
 *
 * @param path absolute
 * @param file what messages call it
 */
export const readProjectFile = async (path: string, file: string, limit = MAX_MANIFEST_BYTES): Promise<Result<string | undefined, Problem>> => {
  const problem = (why: string): { readonly ok: false; readonly error: Problem } => fail({ code: 'TASKS5003', message: `${quote(file)} ${why}`, place: { file: path } });
  try {
    const { size } = await stat(path);
    if (size > limit) return problem(`is larger than ${limit / (1024 * 1024)} MiB`);
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await readFile(path)));
  } catch (error) {
    if (error instanceof TypeError) return problem('is not UTF-8 text');
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ok(undefined);
    return problem(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};
