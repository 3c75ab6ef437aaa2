/** Gives a ledger a file of its own in `provenance/`, without ever overwriting another execution's. */
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExecutionId } from '../model/ids.ts';

const DIRECTORY = 'provenance';
/** A line begins with the execution's id, which is at most 128 characters. */
const OWNER_PATTERN = /^\{"execution_id":"([^"]{1,128})"/;
const OWNER_BYTES = 256;
/** Executions that one workspace starts within one minute. */
const MAX_NUMBER = 10_000;

export const createLedgerFile = async (request: {
  readonly workspace: string;
  /** Name without number and suffix. */
  readonly stem: string;
  readonly text: string;
  /** Undefined when the ledger has no lines. */
  readonly owner: ExecutionId | undefined;
}): Promise<string> => {
  const directory = join(request.workspace, DIRECTORY);
  await mkdir(directory, { recursive: true });
  const temporary = join(directory, `.${request.stem}.${randomUUID()}.tmp`);
  try {
    await writeFlushed(temporary, request.text);
    for (let number = 1; number <= MAX_NUMBER; number++) {
      const path = join(directory, `${request.stem}${number === 1 ? '' : `-${number}`}.jsonl`);
      if (await createFrom(temporary, path)) return path;
      if ((await ownerOf(path)) !== request.owner) continue;
      await rename(temporary, path);
      return path;
    }
    throw new Error(`${directory} already holds ${MAX_NUMBER} ledgers of ${request.stem}`);
  } finally {
    await rm(temporary, { force: true });
  }
};

const writeFlushed = async (path: string, text: string): Promise<void> => {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
};

/** False when there is such a file already. A hard link appears whole; not every file system has them. */
const createFrom = async (temporary: string, path: string): Promise<boolean> => {
  try {
    await link(temporary, path).catch(async (error: unknown) => {
      if (isExisting(error)) throw error;
      await copyFile(temporary, path, constants.COPYFILE_EXCL);
    });
    return true;
  } catch (error) {
    if (isExisting(error)) return false;
    throw error;
  }
};

const isExisting = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Undefined for an empty file, as for a ledger without lines. Null for a file that is no ledger. */
const ownerOf = async (path: string): Promise<string | undefined | null> => {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(OWNER_BYTES), 0, OWNER_BYTES, 0);
    if (bytesRead === 0) return undefined;
    return OWNER_PATTERN.exec(buffer.toString('utf8', 0, bytesRead))?.[1] ?? null;
  } finally {
    await file.close();
  }
};
