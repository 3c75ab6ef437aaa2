/** The symbols of all files, with what only several files together tell. */
import { directoryOf } from '../imports/project/paths.ts';
import type { CodeSymbol } from './analysis.ts';
import { fileEndpoints } from './file-endpoints.ts';
import type { FoundSymbol } from './source/source-facts.ts';
import type { SourceFile } from './uses/modules.ts';

/** Types beside interfaces, in Go: no code of people comes near. */
const MAX_COMPARISONS = 1_000_000;

/** Sorted by file, then line. */
export const gatherSymbols = (sources: readonly SourceFile[]): readonly CodeSymbol[] => {
  const implemented = implementations(sources);
  return sources.flatMap(({ path, language, facts }) =>
    [...facts.symbols, ...fileEndpoints(path, facts.symbols)]
      .map((symbol, at) => ({ symbol, at }))
      .sort((a, b) => a.symbol.line - b.symbol.line || a.at - b.at)
      .map(({ symbol }) => toSymbol(path, symbol, symbol.kind === 'endpoint' || implemented.size === 0 ? [] : (implemented.get(`${language} ${scopeOf(path, language)} ${symbol.name}`) ?? []))),
  );
};

const toSymbol = (file: string, { name, kind, line, isExported, bases }: FoundSymbol, more: readonly string[]): CodeSymbol => ({ name, kind, file, line, isExported, bases: [...new Set([...bases, ...more])] });

/** Types of Go belong to a directory, those of Rust may be implemented anywhere, and in TypeScript a file says it itself. */
const scopeOf = (path: string, language: string): string => {
  if (language === 'rust') return '';
  return language === 'go' ? directoryOf(path) : path;
};

/** What a type implements without saying so where it is declared. */
const implementations = (sources: readonly SourceFile[]): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, Set<string>>();
  const add = (key: string, base: string): void => void found.set(key, (found.get(key) ?? new Set()).add(base));
  const callable = new Set(sources.filter(({ language }) => language !== 'go').flatMap(({ facts }) => facts.methods.map(({ owner }) => owner)));
  for (const { path, language, facts } of sources) {
    for (const { name, base } of facts.implementations) if (language === 'rust' || callable.has(base)) add(`${language} ${scopeOf(path, language)} ${name}`, base);
  }
  for (const [key, base] of goImplementations(sources)) add(key, base);
  return new Map([...found].map(([key, bases]) => [key, [...bases].sort()]));
};

/** In Go a type implements every interface whose methods it has. Their names are compared, not their arguments. */
const goImplementations = (sources: readonly SourceFile[]): readonly (readonly [string, string])[] => {
  const methods = new Map<string, Set<string>>();
  const interfaces = new Map<string, ReadonlySet<string>>();
  for (const { path, language, facts } of sources) {
    if (language !== 'go' || path.endsWith('_test.go')) continue;
    const own = new Set(facts.symbols.filter(({ kind }) => kind === 'interface').map(({ name }) => name));
    for (const { owner, names } of facts.methods) {
      if (own.has(owner)) interfaces.set(owner, new Set(names));
      else {
        const key = `go ${directoryOf(path)} ${owner}`;
        const known = methods.get(key) ?? new Set();
        for (const name of names) known.add(name);
        methods.set(key, known);
      }
    }
  }
  // An interface is looked for where the rarest of its methods is.
  const byMethod = new Map<string, string[]>();
  for (const [key, names] of methods) for (const name of names) byMethod.set(name, [...(byMethod.get(name) ?? []), key]);
  let comparisons = 0;
  return [...interfaces].flatMap(([base, wanted]) => {
    const candidates = [...wanted].map((name) => byMethod.get(name) ?? []).sort((a, b) => a.length - b.length)[0] ?? [];
    comparisons += candidates.length;
    if (comparisons > MAX_COMPARISONS) return [];
    return candidates.filter((key) => [...wanted].every((name) => methods.get(key)?.has(name))).map((key) => [key, base] as const);
  });
};
