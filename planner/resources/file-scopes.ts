/** The files that tasks read and write, as patterns: which tasks use which, and which patterns can meet. */
import type { Glob } from '../../resources/globs-parse.ts';
import { parseGlob } from '../../resources/globs-parse.ts';
import { globsMeet } from '../../resources/globs.ts';
import { isNegated, plainHead, scopeKey } from '../../resources/path-patterns.ts';
import type { Exclusions } from '../read/draft.ts';

/** One pattern: the paths it matches and everything below them. */
export interface FileScope {
  readonly index: number;
  /** One for all that say the same. */
  readonly key: string;
  /** Names it among all: as it was first written, unless that is too long for a name. */
  readonly name: string;
  /** Its leading directories that are plain text. */
  readonly head: readonly string[];
  readonly glob: Glob;
  readonly readers: Set<number>;
  readonly writers: Set<number>;
}

const MAX_NAME = 100;

/** Every pattern once, in the order of the plan. Negated ones only take away, and are left out: that is the safe side. */
export const fileScopes = (tasks: readonly { readonly exclusions: Pick<Exclusions, 'reads' | 'writes'> }[]): readonly FileScope[] => {
  const byKey = new Map<string, FileScope>();
  const scopeOf = (text: string): FileScope => {
    const key = scopeKey(text);
    const known = byKey.get(key);
    if (known) return known;
    const parts = key === '' ? [] : key.split('/');
    const scope: FileScope = {
      index: byKey.size,
      key,
      name: text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}… (${byKey.size})` : text,
      head: plainHead(parts),
      glob: parseGlob([...parts, '**'].join('/')),
      readers: new Set(),
      writers: new Set(),
    };
    byKey.set(key, scope);
    return scope;
  };
  for (const [task, { exclusions }] of tasks.entries()) {
    for (const text of exclusions.writes ?? []) if (!isNegated(text)) scopeOf(text).writers.add(task);
    for (const text of exclusions.reads ?? []) if (!isNegated(text)) scopeOf(text).readers.add(task);
  }
  return [...byKey.values()];
};

interface Node {
  readonly children: Map<string, Node>;
  readonly scopes: FileScope[];
}

const newNode = (): Node => ({ children: new Map(), scopes: [] });

/** Scopes by their plain directories: two can only meet when those of one begin those of the other. */
export class ScopeIndex {
  readonly #root = newNode();

  constructor(scopes: readonly FileScope[]) {
    for (const scope of scopes) {
      let node = this.#root;
      for (const part of scope.head) {
        const child = node.children.get(part) ?? newNode();
        node.children.set(part, child);
        node = child;
      }
      node.scopes.push(scope);
    }
  }

  /** The other scopes that can match a path that `scope` matches; `working` hears of the steps that each comparison takes at most. */
  *meeting(scope: FileScope, working: (steps: number) => void): Generator<FileScope> {
    for (const other of this.#candidates(scope)) {
      if (other === scope) continue;
      working(scope.glob.size * other.glob.size);
      if (globsMeet(scope.glob, other.glob)) yield other;
    }
  }

  *#candidates(scope: FileScope): Generator<FileScope> {
    let node = this.#root;
    for (const part of scope.head) {
      yield* node.scopes;
      const child = node.children.get(part);
      if (!child) return;
      node = child;
    }
    for (const pending = [node]; pending.length > 0; ) {
      const at = pending.pop();
      if (!at) return;
      yield* at.scopes;
      pending.push(...at.children.values());
    }
  }
}
