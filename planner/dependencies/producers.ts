/** Who produces which interface. One task does: of several the first in plan order; the others consume what it produced. */
import { taskHash } from '../artifacts/content-hash.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import { allWords } from './words.ts';

const VERSION = /:v(\d[\w.]*)$/u;

export interface InterfaceName {
  /** As written, without white space around it. */
  readonly name: string;
  readonly base: string;
  readonly version?: string;
  /** One for all ways to write its base: `Auth-API` and `AuthAPI`. */
  readonly key: string;
}

export const parseInterface = (text: string): InterfaceName => {
  const name = text.trim();
  const version = VERSION.exec(name)?.[1];
  const base = name.replace(VERSION, '');
  return { name, base, ...(version !== undefined && { version }), key: allWords(base).join(' ') || base };
};

export interface Clash {
  readonly name: string;
  readonly producer: number;
  /** Another one that says it produces it. */
  readonly other: number;
}

export interface Producers {
  /** By the name as written. */
  readonly byName: ReadonlyMap<string, number>;
  /** Names of all that are produced, by {@link InterfaceName.key}, in plan order. */
  readonly byKey: ReadonlyMap<string, readonly InterfaceName[]>;
  readonly clashes: readonly Clash[];
}

export const producersOf = (tasks: readonly Pick<PlannedTask, 'interfaces_produced'>[]): Producers => {
  const byName = new Map<string, number>();
  const byKey = new Map<string, InterfaceName[]>();
  const clashes: Clash[] = [];
  for (const [index, task] of tasks.entries()) {
    for (const text of task.interfaces_produced) {
      const parsed = parseInterface(text);
      const producer = byName.get(parsed.name);
      if (producer === index) continue;
      if (producer !== undefined) {
        clashes.push({ name: parsed.name, producer, other: index });
        continue;
      }
      byName.set(parsed.name, index);
      const alike = byKey.get(parsed.key);
      if (alike) alike.push(parsed);
      else byKey.set(parsed.key, [parsed]);
    }
  }
  return { byName, byKey, clashes };
};

export const clashText = ({ name, producer, other }: Clash, tasks: readonly Pick<PlannedTask, 'id'>[]): string =>
  `${tasks[other]?.id} says that it produces ${name}, which ${tasks[producer]?.id} produces: it consumes it instead.`;

/** The tasks with one producer for each interface, and what was changed; those that change are hashed anew. */
export const withOneProducer = (tasks: readonly PlannedTask[]): { readonly tasks: readonly PlannedTask[]; readonly warnings: readonly string[] } => {
  const { clashes } = producersOf(tasks);
  const lost = new Map<number, Set<string>>();
  for (const { name, other } of clashes) lost.set(other, (lost.get(other) ?? new Set()).add(name));
  const amended = tasks.map((task, index) => {
    const names = lost.get(index);
    if (!names) return task;
    const changed = {
      ...task,
      interfaces_produced: task.interfaces_produced.filter((text) => !names.has(parseInterface(text).name)),
      interfaces_consumed: [...new Set([...task.interfaces_consumed, ...names])],
    };
    return { ...changed, contentHash: taskHash(changed) };
  });
  return { tasks: amended, warnings: clashes.map((clash) => clashText(clash, tasks)) };
};
