/**
 * The plan store that is a directory all workers see: one file a plan, named by its hash. A file appears whole
 * or not at all, and is checked against its name whenever it is read.
 */
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredPlan } from '../model/graph.ts';
import { isContentHash } from '../model/ids.ts';
import type { ContentHash } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { removeAbandoned, writeAtomically } from './atomic-file.ts';
import { canonicalContent } from './hash.ts';
import { compress, damaged, decompress, MAX_PLAN_BYTES, missing, verifiedPlan } from './packed-plan.ts';
import type { PlanStore, StoredPlanInfo } from './plan-store.ts';

const SUFFIX = '.json.gz';
/** Shown for a file that is there and cannot be read as a plan, so that it can be seen and collected. */
export const DAMAGED_NAME = '(damaged)';

export class FilePlanStore implements PlanStore {
  readonly location: string;
  readonly #directory: string;

  constructor(options: { readonly directory: string }) {
    this.#directory = options.directory;
    this.location = `file:${options.directory}`;
  }

  async put(plan: StoredPlan): Promise<ContentHash> {
    const { hash, json } = canonicalContent(plan);
    if (await this.#holds(hash)) return hash;
    const bytes = await compress(json);
    try {
      await mkdir(this.#directory, { recursive: true, mode: 0o700 });
      await writeAtomically({ path: this.#path(hash), bytes });
      await removeAbandoned(this.#directory);
    } catch (error) {
      throw this.#unwritable(error);
    }
    return hash;
  }

  async get(hash: ContentHash): Promise<StoredPlan> {
    const where = this.#where();
    const bytes = await this.#read(hash);
    const json = await decompress(bytes, MAX_PLAN_BYTES).catch((cause: unknown) => {
      throw damaged({ hash, where, why: 'it does not decompress', cause });
    });
    return verifiedPlan({ hash, json, where });
  }

  async list(): Promise<readonly StoredPlanInfo[]> {
    const names = await readdir(this.#directory).catch((error: unknown) => {
      if (codeOf(error) === 'ENOENT') return [];
      throw this.#unreadable(error);
    });
    const infos: StoredPlanInfo[] = [];
    for (const name of names) {
      const hash = name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '';
      if (!isContentHash(hash)) continue;
      const info = await this.#info(hash);
      if (info) infos.push(info);
    }
    return infos;
  }

  async delete(hash: ContentHash): Promise<void> {
    if (!isContentHash(hash)) return;
    await rm(this.#path(hash), { force: true }).catch((error: unknown) => {
      throw this.#unwritable(error);
    });
  }

  /** Undefined when the file went away meanwhile. */
  async #info(hash: ContentHash): Promise<StoredPlanInfo | undefined> {
    const stats = await stat(this.#path(hash)).catch(() => undefined);
    if (!stats) return undefined;
    const common = { hash, bytes: stats.size, storedAt: stats.mtime.toISOString() };
    try {
      const plan = await this.get(hash);
      return { ...common, name: plan.graph.name, format: plan.format, tasks: plan.graph.tasks.length };
    } catch (error) {
      if (error instanceof TasksError && error.problems[0]?.code === 'TASKS4001') return undefined;
      return { ...common, name: DAMAGED_NAME, tasks: 0 };
    }
  }

  async #holds(hash: ContentHash): Promise<boolean> {
    return this.get(hash).then(
      () => true,
      () => false,
    );
  }

  async #read(hash: ContentHash): Promise<Buffer> {
    const hint = `Looked in ${this.#directory}. Every worker must see the same directory: mount it everywhere, or set TASKS_PLAN_STORE=temporal:.`;
    if (!isContentHash(hash)) throw missing({ hash, where: this.#where(), hint });
    try {
      return await readFile(this.#path(hash));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') throw missing({ hash, where: this.#where(), hint });
      throw this.#unreadable(error);
    }
  }

  #path(hash: ContentHash): string {
    return join(this.#directory, `${hash}${SUFFIX}`);
  }

  #where(): string {
    return `the plan store ${this.location}`;
  }

  #unreadable(cause: unknown): TasksError {
    return new TasksError(
      {
        code: 'TASKS4001',
        message: `The plan store ${this.location} cannot be read: ${textOf(cause)}.`,
        hint: 'Check that it is a directory this user may read, or name another in TASKS_PLAN_STORE.',
      },
      { cause },
    );
  }

  #unwritable(cause: unknown): TasksError {
    return new TasksError(
      {
        code: 'TASKS4003',
        message: `The plan store ${this.location} cannot be written: ${textOf(cause)}.`,
        hint: 'Check its permissions and free space, or name another in TASKS_PLAN_STORE.',
      },
      { cause },
    );
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
