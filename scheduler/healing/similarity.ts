/** How alike normalised error texts are: Dice's coefficient of their sets of words, 0 to 1. */

/** Texts come back again and again: their words are kept. */
const MAX_KEPT = 500;

export class Similarity {
  readonly #kept = new Map<string, ReadonlySet<string>>();

  /** 1 for equal texts; 0 where one of them has no words. O(words). */
  between(one: string, other: string): number {
    if (one === other) return one === '' ? 0 : 1;
    const a = this.#wordsOf(one);
    const b = this.#wordsOf(other);
    if (a.size === 0 || b.size === 0) return 0;
    let common = 0;
    for (const word of a) if (b.has(word)) common += 1;
    return (2 * common) / (a.size + b.size);
  }

  #wordsOf(text: string): ReadonlySet<string> {
    const known = this.#kept.get(text);
    if (known) return known;
    const words = new Set(text.split(' ').filter((word) => word !== ''));
    if (this.#kept.size >= MAX_KEPT) this.#kept.clear();
    this.#kept.set(text, words);
    return words;
  }
}
