/** What is on this machine: files of the workspace and programs. */
import { access, constants, readFile, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { fixedPart } from './path-index.ts';

/** Something is there. Of a pattern only its part before anything that stands for several is looked for. */
export const isThere = async (workspace: string, path: string): Promise<boolean> => {
  try {
    await stat(join(workspace, fixedPart(path)));
    return true;
  } catch {
    return false;
  }
};

export const isDirectory = async (path: string): Promise<boolean> => {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
};

const isProgram = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
};

/** Whether a shell would find programs: `name` with a `/` is a path. Each is looked for once. */
export class Programs {
  readonly #path: readonly string[];
  readonly #known = new Map<string, Promise<boolean>>();

  constructor(path: string | undefined) {
    this.#path = (path ?? '').split(delimiter).filter((directory) => isAbsolute(directory));
  }

  has(name: string, directory: string): Promise<boolean> {
    const key = name.includes('/') ? join(isAbsolute(name) ? '/' : directory, name) : name;
    const known = this.#known.get(key) ?? this.#look(key);
    this.#known.set(key, known);
    return known;
  }

  async #look(key: string): Promise<boolean> {
    if (key.includes('/')) return isProgram(key);
    for (const directory of this.#path) if (await isProgram(join(directory, key))) return true;
    return false;
  }
}

const MAX_MANIFEST = 1024 * 1024;

/** Undefined when it is not there, or is no small JSON object. */
export const readObject = async (path: string): Promise<Readonly<Record<string, unknown>> | undefined> => {
  try {
    if ((await stat(path)).size > MAX_MANIFEST) return undefined;
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
};
