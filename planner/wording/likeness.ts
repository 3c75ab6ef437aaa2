/**
 * How alike texts are: cosine of their content words, rare words counting for more (tf-idf; Salton & Buckley 1988). From 0,
 * nothing in common, to 1.
 */
import { contentWords } from './content-words.ts';

type Weights = ReadonlyMap<string, number>;

export class Likeness {
  readonly #idf: ReadonlyMap<string, number>;
  readonly #rarest: number;

  /** `texts` are all those that will be compared: they say which words are rare. */
  constructor(texts: readonly string[]) {
    const seen = new Map<string, number>();
    for (const text of texts) for (const word of new Set(contentWords(text))) seen.set(word, (seen.get(word) ?? 0) + 1);
    this.#rarest = Math.log(1 + texts.length);
    this.#idf = new Map([...seen].map(([word, count]) => [word, Math.log(1 + texts.length / count)]));
  }

  weigh(text: string): Weights {
    const weights = new Map<string, number>();
    for (const word of contentWords(text)) weights.set(word, (weights.get(word) ?? 0) + 1);
    let square = 0;
    for (const [word, count] of weights) {
      const weight = (1 + Math.log(count)) * (this.#idf.get(word) ?? this.#rarest);
      weights.set(word, weight);
      square += weight * weight;
    }
    const length = Math.sqrt(square);
    for (const [word, weight] of weights) weights.set(word, weight / length);
    return weights;
  }

  static cosine(a: Weights, b: Weights): number {
    const [small, large] = a.size <= b.size ? [a, b] : [b, a];
    let sum = 0;
    for (const [word, weight] of small) sum += weight * (large.get(word) ?? 0);
    return sum;
  }
}
