/** What did not hold of a draft, and what became of it: told to people, and to the drafter when it is asked again. */
import { counted, quote } from '../../read/words.ts';

/** `dropped` and `missing` are worth asking again; what was repaired or added is settled. */
export type FindingKind = 'dropped' | 'missing' | 'repaired' | 'merged' | 'added';

const MAX_LINES = 200;

export class Findings {
  readonly #found: { readonly kind: FindingKind; readonly text: string }[] = [];

  add(kind: FindingKind, where: string, what: string): void {
    this.#found.push({ kind, text: `${where}: ${what}` });
  }

  count(kind: FindingKind): number {
    return this.#found.filter((each) => each.kind === kind).length;
  }

  /** For people. */
  get lines(): readonly string[] {
    return limited(this.#found.map(({ kind, text }) => `${kind}: ${text}`));
  }

  /** For the drafter. */
  get open(): readonly string[] {
    return limited(this.#found.flatMap(({ kind, text }) => (kind === 'dropped' || kind === 'missing' ? [text] : [])));
  }
}

const limited = (lines: readonly string[]): readonly string[] =>
  lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), `and ${counted(lines.length - MAX_LINES, 'more finding')}`];

/** `task T3 "Add the login endpoint"` */
export const named = (what: string, id: string, title: string): string => `${what} ${id} ${quote(title)}`;
