/** Which tasks have to do with a path: paths and globs, each with everything below it. */
import type { Glob } from '../../resources/globs-parse.ts';
import { parseGlob } from '../../resources/globs-parse.ts';
import { globsMeet } from '../../resources/globs.ts';
import { keyOf } from '../resources/file-scopes.ts';

const WILD = /[*?[\]{}()!\\]/u;

/** As it is compared; undefined for what says nothing: the whole workspace, and what is left out of something. */
export const plainPath = (text: string): string | undefined => {
  const plain = keyOf(text);
  return plain === '' || plain.startsWith('!') || /^[*/]+$/u.test(plain) ? undefined : plain;
};

/** The part of a pattern before anything that stands for several. */
export const fixedPart = (pattern: string): string => {
  const steps = pattern.split('/');
  const end = steps.findIndex((step) => WILD.test(step));
  return (end === -1 ? steps : steps.slice(0, end)).join('/');
};

export const isPattern = (path: string): boolean => WILD.test(path);

const withBelow = (path: string): Glob => parseGlob(`${path}/**`);

export const pathsMeet = (one: string, other: string): boolean => globsMeet(withBelow(one), withBelow(other));

interface Entry {
  readonly task: number;
  readonly glob: Glob;
}

/** Looks only among those that begin alike. */
export class PathIndex {
  readonly #byHead = new Map<string, Entry[]>();
  readonly #wild: Entry[] = [];
  readonly #found = new Map<string, ReadonlySet<number>>();

  constructor(paths: Iterable<{ readonly task: number; readonly path: string }>) {
    const globs = new Map<string, Glob>();
    for (const { task, path } of paths) {
      const glob = globs.get(path) ?? withBelow(path);
      globs.set(path, glob);
      this.#bucket(path).push({ task, glob });
    }
  }

  #bucket(path: string): Entry[] {
    const head = path.split('/')[0] ?? '';
    if (WILD.test(head)) return this.#wild;
    const known = this.#byHead.get(head) ?? [];
    this.#byHead.set(head, known);
    return known;
  }

  /** Tasks with a path that can meet this one. */
  meeting(path: string): ReadonlySet<number> {
    const known = this.#found.get(path);
    if (known) return known;
    const head = path.split('/')[0] ?? '';
    const candidates = WILD.test(head) ? [...this.#byHead.values(), this.#wild] : [this.#byHead.get(head) ?? [], this.#wild];
    const glob = withBelow(path);
    const found = new Set(candidates.flatMap((entries) => entries.flatMap(({ task, glob: other }) => (globsMeet(glob, other) ? [task] : []))));
    this.#found.set(path, found);
    return found;
  }
}
