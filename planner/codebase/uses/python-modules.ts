/** Imports of Python: `a.b` is `a/b.py` or `a/b/__init__.py`, from wherever the package begins. */
import { directoryOf, joined } from '../../imports/project/paths.ts';
import type { Resolve } from './modules.ts';

const ENDING = /(?:\/__init__)?\.pyi?$/;

export const pythonModules = (files: readonly string[]): Resolve => {
  const packages = new Set(files.filter((file) => /(?:^|\/)__init__\.pyi?$/.test(file)).map(directoryOf));
  /** By path without ending. */
  const byPath = new Map<string, string[]>();
  const byName = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, file: string): void => {
    const known = map.get(key);
    if (!known) map.set(key, [file]);
    else if (!known.includes(file)) known.push(file);
  };
  for (const file of files) {
    const path = file.replace(ENDING, '');
    add(byPath, path, file);
    add(byName, path.replaceAll('/', '.'), file);
    // Where the outermost package lies is on the path of whoever runs it.
    let top = directoryOf(file);
    while (packages.has(top) && top !== '.') top = directoryOf(top);
    if (top !== '.') add(byName, path.slice(top.length + 1).replaceAll('/', '.'), file);
  }
  return (file, specifier) => {
    const dots = /^\.*/.exec(specifier)?.[0].length ?? 0;
    if (dots === 0) return byName.get(specifier) ?? [];
    let directory = directoryOf(file);
    for (let level = 1; level < Math.min(dots, 100); level += 1) directory = directoryOf(directory);
    const rest = specifier.slice(dots).replaceAll('.', '/');
    return byPath.get(rest === '' ? directory : joined(directory, rest)) ?? [];
  };
};
