/** Imports of Java: by the package that a file says it belongs to. */
import { grouped } from './modules.ts';
import type { Resolve, SourceFile } from './modules.ts';

export const javaModules = (files: readonly SourceFile[]): Resolve => {
  const byPackage = grouped(files.filter(({ facts }) => facts.module !== undefined), ({ facts }) => facts.module ?? '');
  return (_file, specifier) => (byPackage.get(specifier) ?? []).map(({ path }) => path);
};
