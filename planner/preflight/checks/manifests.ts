/** The `package.json` files of a workspace, as npm finds them. */
import { join, relative } from 'node:path/posix';
import { glob } from 'tinyglobby';
import { readObject } from '../files.ts';

export interface Manifest {
  /** Its directory, relative to the workspace of the plan; `.` is that itself. */
  readonly directory: string;
  readonly name: string | undefined;
  /** Their texts by name. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Globs of directories of its workspaces. */
  readonly workspaces: readonly string[];
}

const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : []);
const membersOf = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {});

const manifestOf = (directory: string, value: Readonly<Record<string, unknown>>): Manifest => {
  const { name, scripts, workspaces } = value;
  return {
    directory,
    name: typeof name === 'string' ? name : undefined,
    scripts: new Map(Object.entries(membersOf(scripts)).flatMap(([script, text]) => (typeof text === 'string' ? [[script, text] as const] : []))),
    workspaces: Array.isArray(workspaces) ? texts(workspaces) : texts(membersOf(workspaces)['packages']),
  };
};

export class Manifests {
  readonly #top: string;
  readonly #read = new Map<string, Promise<Manifest | undefined>>();
  readonly #members = new Map<string, Promise<readonly Manifest[]>>();

  /** `top` is the workspace of the plan, absolute. */
  constructor(top: string) {
    this.#top = top;
  }

  /** The one in a directory. */
  at(directory: string): Promise<Manifest | undefined> {
    const known = this.#read.get(directory) ?? readObject(join(this.#top, directory, 'package.json')).then((value) => value && manifestOf(directory, value));
    this.#read.set(directory, known);
    return known;
  }

  /** The nearest one upwards, within the workspace of the plan. */
  async above(directory: string): Promise<Manifest | undefined> {
    for (let at = directory; ; at = join(at, '..')) {
      const found = await this.at(at);
      if (found || at === '.') return found;
    }
  }

  /** The member of its workspaces that has this name or lies in this directory. */
  async member(root: Manifest, named: string): Promise<Manifest | undefined> {
    const known = this.#members.get(root.directory) ?? this.#list(root);
    this.#members.set(root.directory, known);
    return (await known).find(({ name, directory }) => name === named || relative(root.directory, directory) === named.replace(/^\.\//u, '').replace(/\/+$/u, ''));
  }

  async #list(root: Manifest): Promise<readonly Manifest[]> {
    const patterns = root.workspaces.map((pattern) => join(pattern, 'package.json'));
    const files = await glob(patterns, { cwd: join(this.#top, root.directory), ignore: ['**/node_modules/**'], expandDirectories: false });
    const found = await Promise.all(files.map((file) => this.at(join(root.directory, file, '..'))));
    return found.filter((each) => each !== undefined);
  }
}
