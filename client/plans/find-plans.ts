/** The plan directories below a directory, and what each says of itself. Bounded: so deep, so many, and no way out by links. */
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { META_NAME } from '../../planner/artifacts/bundle.ts';
import { MAX_JSON_BYTES } from '../../planner/read/limits.ts';
import { readText } from '../../planner/read/read-bytes.ts';

export interface FoundPlan {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly planId?: string;
  /** As its meta says: of what was planned. Milliseconds since the epoch. */
  readonly at?: number;
  /** When its tasks were last written: tells plans of one document apart. */
  readonly writtenAt: number;
  /** Undefined where the file cannot be read as what it is. */
  readonly tasks?: number;
}

export const MAX_DEPTH = 6;
const MAX_DIRECTORIES = 20_000;
export const MAX_PLANS = 1_000;
/** No plans are in there, and much else. */
const PASSED_OVER: ReadonlySet<string> = new Set(['node_modules', 'checkpoints', 'vendor', 'target', 'dist', 'build']);

const MAINS = ['tasks.v2.json', 'tasks.json'] as const;
/** What tells a plan's `tasks.json` from any other. */
const BESIDE = [META_NAME, 'features.json', 'dag.json', 'waves.json', 'coordinator.json'] as const;

const mainOf = (names: ReadonlySet<string>): string | undefined => MAINS.find((name) => names.has(name) && (name !== 'tasks.json' || BESIDE.some((other) => names.has(other))));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

const jsonOf = async (path: string): Promise<unknown> => {
  const isFile = await stat(path).then((found) => found.isFile(), () => false);
  const text = isFile ? await readText(path, MAX_JSON_BYTES) : undefined;
  try {
    return text?.ok ? (JSON.parse(text.value) as unknown) : undefined;
  } catch {
    return undefined;
  }
};

const textAt = (value: unknown, key: string): string | undefined => {
  const text = isRecord(value) ? value[key] : undefined;
  return typeof text === 'string' && text !== '' ? text : undefined;
};

const describe = async (path: string, main: string, hasMeta: boolean): Promise<FoundPlan> => {
  const [tasks, meta, file] = await Promise.all([jsonOf(join(path, main)), hasMeta ? jsonOf(join(path, META_NAME)) : undefined, stat(join(path, main)).catch(() => undefined)]);
  const list = Array.isArray(tasks) ? tasks : isRecord(tasks) ? tasks['tasks'] : undefined;
  const planId = textAt(meta, 'planId');
  const at = Date.parse(textAt(meta, 'timestamp') ?? '');
  return { path, name: textAt(tasks, 'name') ?? basename(path), writtenAt: file?.mtimeMs ?? 0, ...(planId !== undefined && { planId }), ...(Number.isFinite(at) && { at }), ...(Array.isArray(list) && { tasks: list.length }) };
};

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The newest first: by what their meta says, then by when they were written; of the same age by name. */
export const findPlans = async (directory: string): Promise<readonly FoundPlan[]> => {
  const found: FoundPlan[] = [];
  const pending = [{ path: directory, depth: 0 }];
  for (let looked = 0; looked < MAX_DIRECTORIES && found.length < MAX_PLANS; looked += 1) {
    const next = pending.shift();
    if (!next) break;
    const entries = await readdir(next.path, { withFileTypes: true }).catch(() => []);
    const names = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
    const main = mainOf(names);
    if (main !== undefined) found.push(await describe(next.path, main, names.has(META_NAME)));
    if (next.depth >= MAX_DEPTH) continue;
    const below = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !PASSED_OVER.has(entry.name)).map(({ name }) => name);
    pending.push(...below.sort(order).map((name) => ({ path: join(next.path, name), depth: next.depth + 1 })));
  }
  return found.sort((a, b) => (b.at ?? -Infinity) - (a.at ?? -Infinity) || b.writtenAt - a.writtenAt || order(a.name, b.name) || order(a.path, b.path));
};
