/** Imports of Go: a package is a directory of the module that `go.mod` names. */
import { directoryOf, isInside, joined } from '../../imports/project/paths.ts';
import { grouped } from './modules.ts';
import type { Resolve } from './modules.ts';

export interface GoModule {
  /** What `go.mod` calls it. */
  readonly name: string;
  readonly directory: string;
}

export const goModules = (files: readonly string[], modules: readonly GoModule[]): Resolve => {
  const byDirectory = grouped(files.filter((file) => !file.endsWith('_test.go')), directoryOf);
  const longestFirst = [...modules].sort((a, b) => b.name.length - a.name.length);
  return (_file, specifier) => {
    const own = longestFirst.find(({ name }) => isInside(specifier, name));
    return own ? (byDirectory.get(joined(own.directory, specifier.slice(own.name.length + 1))) ?? []) : [];
  };
};
