/** What of the code base the tasks build on. */
import type { PlannedTask } from '../../artifacts/task.schema.ts';

/** Name of an interface without its version: `AuthAPI` of `AuthAPI:v2`. */
export const interfaceName = (name: string): string => {
  const colon = name.lastIndexOf(':');
  return colon > 0 && /^v?\d/.test(name.slice(colon + 1)) ? name.slice(0, colon) : name;
};

export const buildsOn = ({ reuses_existing: reuse }: PlannedTask): readonly string[] => [...new Set([...reuse.extends, ...reuse.imports])];

export interface Component {
  readonly name: string;
  readonly extendedBy: readonly string[];
  readonly importedBy: readonly string[];
}

/** The most used first, then by name. */
export const components = (tasks: readonly PlannedTask[]): readonly Component[] => {
  const all = new Map<string, { extendedBy: string[]; importedBy: string[] }>();
  for (const { id, reuses_existing: reuse } of tasks) {
    for (const name of new Set([...reuse.extends, ...reuse.imports])) {
      const one = all.get(name) ?? { extendedBy: [], importedBy: [] };
      all.set(name, one);
      (reuse.extends.includes(name) ? one.extendedBy : one.importedBy).push(id);
    }
  }
  const uses = (one: Component): number => one.extendedBy.length + one.importedBy.length;
  return [...all].map(([name, by]) => ({ name, ...by })).sort((a, b) => uses(b) - uses(a) || (a.name < b.name ? -1 : 1));
};

export interface Produced {
  readonly name: string;
  readonly by: readonly string[];
  readonly consumedBy: readonly string[];
}

/** Interfaces that tasks produce, in the order of the plan. */
export const interfaces = (tasks: readonly PlannedTask[]): readonly Produced[] => {
  const all = new Map<string, { by: string[]; consumedBy: string[] }>();
  for (const { id, interfaces_produced: names } of tasks) {
    for (const name of new Set(names)) {
      const one = all.get(name) ?? { by: [], consumedBy: [] };
      all.set(name, one);
      one.by.push(id);
    }
  }
  for (const { id, interfaces_consumed: names } of tasks) for (const name of new Set(names)) all.get(name)?.consumedBy.push(id);
  return [...all].map(([name, of]) => ({ name, ...of }));
};
