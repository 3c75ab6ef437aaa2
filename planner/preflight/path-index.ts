/** Which tasks have to do with a path: paths and globs, each with everything below it. */
import type { Glob } from '../../resources/globs-parse.ts';
import { parseGlob } from '../../resources/globs-parse.ts';
import { globsMeet } from '../../resources/globs.ts';
import { isPlain, plainHead, scopeKey } from '../../resources/path-patterns.ts';

/** As it is compared; undefined for what says nothing: the whole workspace, and what is left out of something. */
export const plainPath = (text: string): string | undefined => {
  const plain = scopeKey(text);
  return plain === '' || plain.startsWith('!') || /^[*/]+$/u.test(plain) ? undefined : plain;
};

/** The part of a pattern before anything that stands for several. */
export const fixedPart = (pattern: string): string => plainHead(pattern.split('/')).join('/');

export const isPattern = (path: string): boolean => !isPlain(path);

const withBelow = (path: string): Glob => parseGlob(`${path}/**`);

export const pathsMeet = (one: string, other: string): boolean => globsMeet(withBelow(one), withBelow(other));

interface Entry {
  readonly task: number;
  readonly glob: Glob;
}

/** One directory, or file, that some path names. */
class Step {
  readonly path: string;
  readonly below = new Map<string, Step>();
  /** Tasks with this very path. */
  readonly plain: number[] = [];
  /** Those whose patterns have here their first step that stands for several. */
  readonly patterns: Entry[] = [];

  constructor(path: string) {
    this.path = path;
  }

  child(name: string): Step {
    const known = this.below.get(name) ?? new Step(this.path === '' ? name : `${this.path}/${name}`);
    this.below.set(name, known);
    return known;
  }

  /** This step and all below it. */
  *all(): Generator<Step> {
    const work: Step[] = [this];
    for (let step = work.pop(); step; step = work.pop()) {
      yield step;
      work.push(...step.below.values());
    }
  }
}

const stepsOf = (path: string): readonly string[] => {
  const fixed = fixedPart(path);
  return fixed === '' ? [] : fixed.split('/');
};

/** A tree of directories, so that only what lies on the way to a path or below it is looked at. */
export class PathIndex {
  readonly #top = new Step('');
  readonly #found = new Map<string, ReadonlySet<number>>();

  constructor(paths: Iterable<{ readonly task: number; readonly path: string }>) {
    const globs = new Map<string, Glob>();
    for (const { task, path } of paths) {
      let step = this.#top;
      for (const name of stepsOf(path)) step = step.child(name);
      if (!isPattern(path)) {
        step.plain.push(task);
        continue;
      }
      const glob = globs.get(path) ?? withBelow(path);
      globs.set(path, glob);
      step.patterns.push({ task, glob });
    }
  }

  /** Tasks with a path that can meet this one. */
  meeting(path: string): ReadonlySet<number> {
    const known = this.#found.get(path);
    if (known) return known;
    const found = new Set<number>();
    const glob = withBelow(path);
    const add = (entries: readonly Entry[]): void => {
      for (const { task, glob: other } of entries) if (!found.has(task) && globsMeet(glob, other)) found.add(task);
    };
    let step: Step | undefined = this.#top;
    for (const name of stepsOf(path)) {
      // What somebody has on the way has all that is below it.
      for (const task of step.plain) found.add(task);
      add(step.patterns);
      step = step.below.get(name);
      if (!step) break;
    }
    if (step) this.#below(step, isPattern(path) ? glob : undefined, found);
    this.#found.set(path, found);
    return found;
  }

  /** All that lies below a path; of a pattern, what it can meet there. */
  #below(start: Step, pattern: Glob | undefined, found: Set<number>): void {
    const meets = (other: Glob): boolean => pattern === undefined || globsMeet(pattern, other);
    for (const step of start.all()) {
      if (step.plain.length > 0 && meets(withBelow(step.path))) for (const task of step.plain) found.add(task);
      for (const { task, glob } of step.patterns) if (!found.has(task) && meets(glob)) found.add(task);
    }
  }
}
