/** Patterns of architecture that names of classes and interfaces speak of. */
import type { CodeSymbol } from '../../codebase/analysis.ts';

/** What a name ends with, and what that is used for. */
const PATTERNS = [
  { ending: /(?:Repository|Dao|DAO)$/, name: 'Repository pattern', purpose: 'data access' },
  { ending: /Factory$/, name: 'Factory pattern', purpose: 'making instances' },
  { ending: /(?:Observer|Listener|Subscriber|EventHandler)$/, name: 'Observer pattern', purpose: 'handling events' },
  { ending: /Controller$/, name: 'Controllers', purpose: 'handling requests' },
  { ending: /Service$/, name: 'Service layer', purpose: 'business logic' },
  { ending: /(?:Adapter|Gateway|Client)$/, name: 'Adapters', purpose: 'reaching other systems' },
  { ending: /(?:Strategy|Provider)$/, name: 'Strategy pattern', purpose: 'exchangeable behaviour' },
  { ending: /(?:Middleware|Interceptor)$/, name: 'Middleware', purpose: 'what all requests have in common' },
  { ending: /Builder$/, name: 'Builder pattern', purpose: 'composing objects' },
] as const;

const CLASSES: readonly CodeSymbol['kind'][] = ['class', 'abstract_class', 'interface'];
/** One name alone is a name, and no pattern. */
const LEAST = 2;

export interface Pattern {
  readonly name: string;
  readonly purpose: string;
  /** Names that follow it, each once, in the order of the code base. */
  readonly symbols: readonly string[];
}

/** The most frequent first. */
export const patterns = (symbols: readonly CodeSymbol[]): readonly Pattern[] => {
  const names = [...new Set(symbols.filter(({ kind }) => CLASSES.includes(kind)).map(({ name }) => name))];
  return PATTERNS.map(({ name, purpose, ending }) => ({ name, purpose, symbols: names.filter((each) => ending.test(each)) }))
    .filter(({ symbols }) => symbols.length >= LEAST)
    .sort((a, b) => b.symbols.length - a.symbols.length);
};
