/** How many other files use each symbol: what is imported is followed to where it is declared. */
import type { Language } from '../analysis.ts';
import type { ExportedName, FoundSymbol, SourceFacts } from '../source/source-facts.ts';
import { grouped } from './modules.ts';
import type { Resolve, SourceFile } from './modules.ts';

/** From module to module that hands a name on. */
const MAX_HOPS = 12;

export interface CountUsesOptions {
  readonly files: readonly SourceFile[];
  readonly resolverOf: (language: Language) => Resolve;
  /** Whose imports count. */
  readonly counts: (path: string) => boolean;
}

/** Files that use a symbol, by `file#name`; those that nobody uses are not there. */
export type Uses = ReadonlyMap<string, ReadonlySet<string>>;

export const symbolKey = (file: string, name: string): string => `${file}#${name}`;

export const countUses = ({ files, resolverOf, counts }: CountUsesOptions): Uses => {
  const index = new Map(files.map(({ path, language, facts }): readonly [string, Module] => [path, moduleOf(facts, resolverOf(language))]));
  const uses = new Map<string, Set<string>>();
  const note = (key: string, user: string): void => {
    const users = uses.get(key);
    if (users) users.add(user);
    else uses.set(key, new Set([user]));
  };
  /** Where a name of a module is declared. */
  const declared = (path: string, name: string, seen: Set<string>): string | undefined => {
    const key = symbolKey(path, name);
    const module = index.get(path);
    if (!module || seen.has(key) || seen.size > MAX_HOPS) return undefined;
    seen.add(key);
    if (module.symbols.has(name)) return key;
    const handedOn = [...(module.exports.get(name) ?? []), ...(module.exports.get('*') ?? [])];
    for (const { name: original, from } of handedOn) {
      const inner = original === '*' ? name : original;
      const targets = from === undefined ? [path] : module.resolve(path, from);
      for (const target of targets) {
        const found = declared(target, inner, seen);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  const byName = mentionable(files);
  for (const { path, language, facts } of files) {
    // What a package hands on it need not use.
    if (!counts(path) || /(?:^|\/)__init__\.pyi?$/.test(path)) continue;
    const resolve = resolverOf(language);
    for (const { specifier, names } of facts.uses) {
      const targets = names.length > 0 ? resolve(path, specifier) : [];
      for (const name of targets.length > 0 ? names : []) {
        for (const target of targets) {
          const key = target === path ? undefined : declared(target, name, new Set());
          if (key === undefined) continue;
          note(key, path);
          break;
        }
      }
    }
    for (const name of facts.mentions) {
      const key = byName.get(name);
      if (key !== undefined && !key.startsWith(`${path}#`)) note(key, path);
    }
  }
  return uses;
};

interface Module {
  readonly symbols: ReadonlySet<string>;
  readonly exports: ReadonlyMap<string, readonly ExportedName[]>;
  readonly resolve: Resolve;
}

const moduleOf = ({ symbols, exports }: SourceFacts, resolve: Resolve): Module => ({ symbols: new Set(symbols.filter(isNamed).map(({ name }) => name)), exports: grouped(exports, ({ as }) => as), resolve });

const isNamed = ({ kind, isExported }: FoundSymbol): boolean => kind !== 'endpoint' && isExported;

/** Constants of Ruby that one file alone declares. */
const mentionable = (files: readonly SourceFile[]): ReadonlyMap<string, string> => {
  const byName = new Map<string, string | undefined>();
  for (const { path, language, facts } of files) {
    if (language !== 'ruby') continue;
    for (const { name } of facts.symbols.filter(isNamed)) {
      const key = symbolKey(path, name);
      byName.set(name, byName.has(name) && byName.get(name) !== key ? undefined : key);
    }
  }
  return new Map([...byName].flatMap(([name, key]) => (key === undefined ? [] : [[name, key] as const])));
};
