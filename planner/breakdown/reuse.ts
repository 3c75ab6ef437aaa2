/** What the code base has that a piece of work could build upon: symbols whose names say what its text says. */
import type { CodebaseAnalysis, CodeSymbol } from '../codebase/analysis.ts';
import { contentWords } from '../wording/content-words.ts';

export interface Candidate {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  readonly line: number;
  /** 0 to 1: the share of the name that the text speaks of, rare words counting for more; 1 where the text names it. */
  readonly likeness: number;
}

/** From here on something is built upon, and not beside. */
export const EXTENDS = 0.75;
/** What is worth being considered at all. */
const CONSIDERED = 0.5;
/** Share of the effort that building upon something saves: of what is there nothing must be made again, but it must be understood. */
export const SAVED = 0.25;
const MAX_CANDIDATES = 5;
const KINDS = new Set<CodeSymbol['kind']>(['class', 'abstract_class', 'interface', 'function', 'endpoint']);
const TESTS = /(?:^|\/)(?:tests?|specs?|__tests__|fixtures|examples|bench)\/|\.(?:test|spec)\.[a-z]+$/;

interface Indexed {
  readonly symbol: CodeSymbol;
  readonly words: readonly string[];
  readonly weight: number;
}

export class Reuse {
  readonly #indexed: readonly Indexed[];
  readonly #byWord = new Map<string, Indexed[]>();
  readonly #weights = new Map<string, number>();

  constructor({ symbols }: Pick<CodebaseAnalysis, 'symbols'>) {
    const usable = symbols.filter(({ isExported, kind, file, name }) => isExported && KINDS.has(kind) && !TESTS.test(file) && name.length >= 4);
    const counts = new Map<string, number>();
    const words = usable.map(({ name }) => [...new Set(contentWords(name))]);
    for (const list of words) for (const word of list) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word, count] of counts) this.#weights.set(word, Math.log(1 + usable.length / count));
    this.#indexed = usable.map((symbol, at) => ({ symbol, words: words[at] ?? [], weight: (words[at] ?? []).reduce((sum, word) => sum + this.#weightOf(word), 0) }));
    for (const each of this.#indexed) {
      for (const word of each.words) {
        const own = this.#byWord.get(word);
        if (own) own.push(each);
        else this.#byWord.set(word, [each]);
      }
    }
  }

  /** The likeliest first; ties by file and line. At most five. */
  candidates(text: string): readonly Candidate[] {
    const sums = new Map<Indexed, { sum: number; count: number }>();
    for (const word of new Set(contentWords(text))) {
      for (const each of this.#byWord.get(word) ?? []) {
        const { sum, count } = sums.get(each) ?? { sum: 0, count: 0 };
        sums.set(each, { sum: sum + this.#weightOf(word), count: count + 1 });
      }
    }
    const found: Candidate[] = [];
    for (const [{ symbol, weight }, { sum, count }] of sums) {
      const isNamed = isMentioned(symbol.name, text);
      // One word in common is a coincidence.
      if (!isNamed && (count < 2 || sum / weight < CONSIDERED)) continue;
      found.push({ name: symbol.name, kind: symbol.kind, file: symbol.file, line: symbol.line, likeness: isNamed ? 1 : Math.round((sum / weight) * 100) / 100 });
    }
    return found.sort((a, b) => b.likeness - a.likeness || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)).slice(0, MAX_CANDIDATES);
  }

  #weightOf(word: string): number {
    return this.#weights.get(word) ?? 0;
  }
}

/** As a word of its own, with a capital or `_` inside: "service" is no mention of `service`. */
const isMentioned = (name: string, text: string): boolean => {
  if (!/[a-z][A-Z]|_/.test(name)) return false;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (!/[\w$]/.test(text[at - 1] ?? ' ') && !/[\w$]/.test(text[at + name.length] ?? ' ')) return true;
  }
  return false;
};
