/** Files as text, within limits, with an error that says what was wrong with them. */
import { constants } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { MAX_JSON_BYTES, MAX_YAML_BYTES } from './limits.ts';
import { fileReader, pipeReader } from './read-chunk.ts';
import type { ReadChunk } from './read-chunk.ts';
import { quote } from './words.ts';

const CHUNK = 1024 * 1024;

export const isYamlName = (name: string): boolean => /\.ya?ml$/i.test(name);
export const byteLimit = (name: string): number => (isYamlName(name) ? MAX_YAML_BYTES : MAX_JSON_BYTES);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ENOTDIR', 'a part of the path is not a directory'],
  ['ELOOP', 'too many symbolic links'],
  ['ENAMETOOLONG', 'the name is too long'],
  ['ERR_INVALID_ARG_VALUE', 'the path holds a character that no path may hold'],
]);

export const fileProblem = (path: string, error: unknown): Problem => {
  const code = codeOf(error);
  const place = { file: path };
  if (code === 'ENOENT') {
    return {
      code: 'TASKS1001',
      message: `there is no file or directory ${quote(path)}`,
      place,
      hint: 'Give a plan directory, a plan file, or "-" to read the plan from standard input.',
    };
  }
  return { code: 'TASKS1002', message: `${quote(path)} cannot be read: ${REASONS.get(code) ?? code}`, place };
};

export const tooLarge = (path: string, limit: number): Problem => ({
  code: 'TASKS1003',
  message: `${quote(path)} is larger than ${limit / (1024 * 1024)} MiB`,
  place: { file: path },
  hint: `The limits are ${MAX_JSON_BYTES / (1024 * 1024)} MiB for JSON and ${MAX_YAML_BYTES / (1024 * 1024)} MiB for YAML.`,
});

/** Reads at most one byte more than `limit`: what a file says of its size is not to be relied on. */
const readUpTo = async (read: ReadChunk, limit: number): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let size = 0;
  while (size <= limit) {
    const chunk = await read(Buffer.allocUnsafe(Math.min(CHUNK, limit + 1 - size)));
    if (chunk.length === 0) break;
    chunks.push(chunk);
    size += chunk.length;
  }
  return Buffer.concat(chunks);
};

export const decode = (path: string, bytes: Buffer): Result<string> => {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return fail([{ code: 'TASKS1002', message: `${quote(path)} is not UTF-8 text`, place: { file: path } }]);
  }
};

export const readText = async (path: string, limit: number): Promise<Result<string>> => {
  try {
    // A pipe that nobody writes to must not hold the thread that opens it: the process could not even end then.
    await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const isPipe = (await handle.stat()).isFIFO();
    const bytes = await readUpTo(isPipe ? pipeReader(handle, path) : fileReader(handle), limit);
    return bytes.length > limit ? fail([tooLarge(path, limit)]) : decode(path, bytes);
  } catch (error) {
    return fail([fileProblem(path, error)]);
  }
};

export type PathKind = 'file' | 'directory';

export const kindOf = async (path: string): Promise<Result<PathKind>> => {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return ok('directory');
    if (found.isFile() || found.isFIFO()) return ok('file');
    return fail([{ code: 'TASKS1002', message: `${quote(path)} is neither a file nor a directory`, place: { file: path } }]);
  } catch (error) {
    return fail([fileProblem(path, error)]);
  }
};

/** Names of the files in a directory, sorted. */
export const listFiles = async (path: string): Promise<Result<readonly string[]>> => {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink()).map((entry) => entry.name);
    return ok(names.sort());
  } catch (error) {
    return fail([fileProblem(path, error)]);
  }
};
