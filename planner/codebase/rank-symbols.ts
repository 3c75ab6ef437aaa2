/** What of a code base others would build upon: its APIs, what it reuses itself, and what is there to be extended. */
import type { CodeSymbol, Language } from './analysis.ts';
import { MAX_APIS } from './limits.ts';
import type { IsProduct } from './product.ts';
import type { SourceFile } from './uses/modules.ts';
import { symbolKey } from './uses/count-uses.ts';
import type { Uses } from './uses/count-uses.ts';

const MIN_PLACES = 3;
const MIN_EXTENDED = 2;
const API_KINDS = new Set(['class', 'abstract_class', 'interface', 'function', 'endpoint']);
const NAMED_BASE = /^(?:Base|Abstract)\p{Lu}|\p{Ll}(?:Base|Abstract)$/u;

export interface RankedNames {
  readonly existingApis: readonly string[];
  readonly extensionPoints: readonly string[];
  readonly components: readonly string[];
}

export interface RankOptions {
  readonly symbols: readonly CodeSymbol[];
  readonly sources: readonly SourceFile[];
  readonly uses: Uses;
  readonly isProduct: IsProduct;
  /** Files that nobody builds upon: migrations are written once. */
  readonly isSealed: (path: string) => boolean;
}

export const rankSymbols = ({ symbols, sources, uses, isProduct, isSealed }: RankOptions): RankedNames => {
  const product = new Set(sources.filter(({ path }) => isProduct(path)).map(({ path }) => path));
  const byHand = new Set(sources.filter(({ path, facts }) => product.has(path) && !facts.isGenerated && !isSealed(path)).map(({ path }) => path));
  const own = symbols.filter(({ file, isExported }) => isExported && byHand.has(file));
  const apis = new Map<string, number>();
  const components = new Map<string, number>();
  for (const { name, kind, file } of own) {
    const count = uses.get(symbolKey(file, name))?.size ?? 0;
    if (API_KINDS.has(kind)) apis.set(name, Math.max(apis.get(name) ?? 0, count));
    if (count >= MIN_PLACES) components.set(name, Math.max(components.get(name) ?? 0, count));
  }
  return { existingApis: ranked(apis), components: ranked(components), extensionPoints: ranked(extended(own, symbols.filter(({ file }) => product.has(file)), sources)) };
};

const ranked = (counts: ReadonlyMap<string, number>): readonly string[] =>
  [...counts]
    .sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1))
    .slice(0, MAX_APIS)
    .map(([name]) => name);

/** A base is meant in its own language. */
const FAMILIES: ReadonlyMap<Language, string> = new Map([
  ['tsx', 'typescript'],
  ['javascript', 'typescript'],
]);

const extended = (own: readonly CodeSymbol[], all: readonly CodeSymbol[], sources: readonly SourceFile[]): ReadonlyMap<string, number> => {
  const families = new Map(sources.map(({ path, language }) => [path, FAMILIES.get(language) ?? language]));
  const times = new Map<string, number>();
  const implemented = new Set<string>();
  const keyOf = (file: string, name: string): string => `${families.get(file) ?? ''} ${name}`;
  for (const { file, kind, bases } of all) {
    // An interface that says more than another implements nothing.
    if (kind === 'interface') continue;
    for (const base of bases) {
      const key = keyOf(file, base);
      times.set(key, (times.get(key) ?? 0) + 1);
      // A function that makes one may be the only one there shall be.
      if (kind !== 'function' && kind !== 'constant') implemented.add(key);
    }
  }
  const points = new Map<string, number>();
  for (const { name, kind, file } of own) {
    const extenders = times.get(keyOf(file, name)) ?? 0;
    const isPoint = kind === 'abstract_class' || (kind === 'interface' && (implemented.has(keyOf(file, name)) || extenders >= MIN_EXTENDED)) || (kind === 'class' && (extenders >= MIN_EXTENDED || NAMED_BASE.test(name)));
    if (isPoint) points.set(name, Math.max(points.get(name) ?? 0, extenders));
  }
  return points;
};
