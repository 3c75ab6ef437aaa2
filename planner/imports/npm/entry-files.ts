/** Files that are reached without an import: a manifest names them, or a tool finds them by their name. */
import { isDeclaration, stemOf } from '../parse/languages.ts';
import { isDevFile } from '../project/dev-files.ts';
import { joined } from '../project/paths.ts';
import type { NpmManifest } from './manifest.ts';

const NAMES = /(?:^|\/)(?:index|main|cli|app|server|worker|background|preload|middleware|instrumentation|sw|service-worker|entry[^/]*)\.[cm]?[jt]sx?$/i;
const DIRECTORIES = /(?:^|\/)(?:pages|app|routes|api|bin|functions|migrations|commands|plugins)\//;

/** Answers for a path that is relative to the package. */
export const isEntryFile = (manifest: NpmManifest): ((path: string) => boolean) => {
  const stems = new Set<string>();
  const patterns: (readonly [before: string, after: string])[] = [];
  for (const word of manifest.mentions.flatMap((text) => text.split(/[\s'"`=,;&|()]+/))) {
    // What is built into `dist/` comes from a source of the same name, beside it or in `src/`.
    const path = joined('.', word);
    const built = path.split('/').slice(1).join('/');
    for (const candidate of built === '' ? [path] : [path, built, `src/${built}`]) {
      const [before = '', after] = stemOf(candidate).split('*');
      if (after === undefined) stems.add(before);
      else if (before !== '') patterns.push([before, after]);
    }
  }
  return (path) => {
    const stem = stemOf(path);
    return NAMES.test(path) || DIRECTORIES.test(path) || isDevFile(path) || isDeclaration(path) || stems.has(stem) || patterns.some(([before, after]) => stem.startsWith(before) && stem.endsWith(after));
  };
};
