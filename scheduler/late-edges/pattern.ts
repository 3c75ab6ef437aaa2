/** Paths as late edges compare them. */
import type { Glob } from '../../resources/globs-parse.ts';
import { parseGlob } from '../../resources/globs-parse.ts';
import { globsMeet } from '../../resources/globs.ts';
import { isPlain, plainHead, plainStem, scopeKey } from '../../resources/path-patterns.ts';

const SPECIAL = /[\\*?[\]{}()!+@]/g;
const MAX_SHOWN = 120;

/** A pattern with everything below what it matches, or one path alone. Most are plain: only others are taken apart, when they are first compared. */
export class Pattern {
  readonly path: string;
  /** One path alone, whatever characters its names hold. */
  readonly isExact: boolean;
  readonly isPlain: boolean;
  /** Its leading directories that are plain text. */
  readonly head: string;
  /** How the name goes on, in that directory, up to what is no plain text; empty for what is plain. */
  readonly tail: string;
  #glob: Glob | undefined;

  private constructor(text: string, isExact: boolean) {
    this.path = scopeKey(text);
    this.isExact = isExact;
    this.isPlain = isExact || isPlain(this.path);
    this.head = this.isPlain ? this.path : plainHead(this.path.split('/')).join('/');
    this.tail = this.isPlain ? '' : plainStem(this.path).slice(this.head === '' ? 0 : this.head.length + 1);
  }

  /** As a plan writes it. */
  static below(text: string): Pattern {
    return new Pattern(text, false);
  }

  static exactly(path: string): Pattern {
    return new Pattern(path, true);
  }

  /** For people. */
  get text(): string {
    return this.path.length > MAX_SHOWN ? `${this.path.slice(0, MAX_SHOWN)}…` : this.path;
  }

  get glob(): Glob {
    this.#glob ??= parseGlob(this.isExact ? this.path.replaceAll(SPECIAL, String.raw`\$&`) : this.path === '' ? '**' : `${this.path}/**`);
    return this.#glob;
  }
}

/** Whether a path is that one or lies below it. */
export const isWithin = (path: string, top: string): boolean => top === '' || (path.startsWith(top) && (path.length === top.length || path[top.length] === '/'));

/** Whether some path can be in both; `working` hears of the steps that comparing globs takes at most. */
export const patternsMeet = (one: Pattern, other: Pattern, working: (steps: number) => void): boolean => {
  if (one.isPlain && other.isPlain) {
    const [short, long] = one.path.length <= other.path.length ? [one, other] : [other, one];
    return isWithin(long.path, short.path) && (!short.isExact || short.path.length === long.path.length);
  }
  working(one.glob.size * other.glob.size);
  return globsMeet(one.glob, other.glob);
};
