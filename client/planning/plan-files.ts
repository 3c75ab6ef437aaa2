/**
 * A plan's directory on disk. A plan takes the place of one that was there; anything else is never written over. The file
 * that holds the hashes of the others comes last: until then the directory is known to be incomplete.
 */
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { TasksError } from '../../model/problem.ts';
import { bundleFiles, META_NAME } from '../../planner/artifacts/bundle.ts';
import type { PlanBundle } from '../../planner/artifacts/bundle.ts';

const STAGING = '.writing-';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const taken = (path: string, why: string, cause?: unknown): TasksError =>
  new TasksError({ code: 'TASKS1607', message: `the plan cannot be written to ${JSON.stringify(path)}: ${why}`, place: { file: path }, hint: 'Name another directory with --output-dir, or clear this one.' }, { cause });

/** What is there, undefined when nothing is. */
const present = async (directory: string): Promise<readonly string[] | undefined> => {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw taken(directory, messageOf(error), error);
  }
};

/** @throws TasksError TASKS1607 before any work is done for nothing. */
export const checkOutput = async (directory: string): Promise<void> => {
  const names = await present(directory);
  // Whoever was writing one may have been killed.
  const isOurs = names?.some((name) => name === META_NAME || name.startsWith(STAGING));
  if (names && names.length > 0 && !isOurs) throw taken(directory, 'it holds other things, and no plan of ours');
};

/** @throws TasksError TASKS1607 when it cannot be written; what was there before is whole as long as no file was replaced. */
export const writePlanFiles = async (directory: string, bundle: PlanBundle): Promise<void> => {
  await checkOutput(directory);
  const staging = join(directory, `${STAGING}${randomUUID()}`);
  try {
    await mkdir(staging, { recursive: true });
    const files = bundleFiles(bundle);
    for (const { name, text } of files) await writeFile(join(staging, name), text);
    // Without it the directory is no whole plan, whatever happens from here on.
    await rm(join(directory, META_NAME), { force: true });
    for (const { name } of files) await rename(join(staging, name), join(directory, name));
  } catch (error) {
    throw taken(directory, messageOf(error), error);
  } finally {
    const left = (await readdir(directory).catch(() => [])).filter((name) => name.startsWith(STAGING));
    for (const name of left) await rm(join(directory, name), { recursive: true, force: true }).catch(() => undefined);
  }
};
