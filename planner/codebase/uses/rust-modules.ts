/** Paths of Rust: `crate::a::b` is `src/a/b.rs` or `src/a/b/mod.rs`, and `other::a` a crate of the same workspace. */
import { directoryOf, joined, upwards } from '../../imports/project/paths.ts';
import type { Resolve } from './modules.ts';

export interface Crate {
  /** With underscores, as code has it. */
  readonly name: string;
  readonly directory: string;
}

const ROOTS = new Set(['lib', 'main', 'mod']);

export const rustModules = (files: readonly string[], crates: readonly Crate[]): Resolve => {
  const exists = new Set(files);
  const byName = new Map(crates.map((crate) => [crate.name, crate.directory]));
  const homes = new Set(crates.map(({ directory }) => directory));
  const sourceOf = (file: string): string => joined([...upwards(directoryOf(file))].find((above) => homes.has(above)) ?? '.', 'src');
  /** The directory in which the submodules of a file lie. */
  const insideOf = (file: string): string => {
    const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.rs$/, '');
    return ROOTS.has(stem) ? directoryOf(file) : file.replace(/\.rs$/, '');
  };
  const at = (base: string, path: readonly string[]): readonly string[] => {
    // The last parts may name something inside of a file.
    for (let length = path.length; length > 0; length -= 1) {
      const full = joined(base, path.slice(0, length).join('/'));
      const found = [`${full}.rs`, `${full}/mod.rs`].filter((file) => exists.has(file));
      if (found.length > 0) return found;
    }
    return ['lib.rs', 'main.rs', 'mod.rs'].map((name) => joined(base, name)).filter((file) => exists.has(file));
  };
  return (file, specifier) => {
    const [first = '', ...rest] = specifier.split('::').slice(0, 50);
    if (first === 'crate') return at(sourceOf(file), rest);
    if (first === 'self') return at(insideOf(file), rest);
    if (first === 'super') {
      let base = insideOf(file);
      let path = [first, ...rest];
      for (; path[0] === 'super'; path = path.slice(1)) base = directoryOf(base);
      return at(base, path);
    }
    const other = byName.get(first);
    return other === undefined ? [] : at(joined(other, 'src'), rest);
  };
};
