/** Titles to slugs: what a URL shows of a title. */
export interface SlugOptions {
  /** Longest slug; cut at a word where there is one. 60 unless stated. */
  readonly maxLength?: number;
  /** Words that say nothing and are left out, unless nothing else would be left. */
  readonly stopWords?: ReadonlySet<string>;
}

/** Letters that do not decompose into a base letter and a mark. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['þ', 'th'],
  ['&', ' and '],
]);

const DEFAULT_MAX_LENGTH = 60;

const words = (title: string): readonly string[] =>
  [...title.toLowerCase()]
    .map((letter) => LETTERS.get(letter) ?? letter)
    .join('')
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f'’]/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Lower case ASCII words with hyphens between them; `untitled` when the title holds none. */
export const slugify = (title: string, options: SlugOptions = {}): string => {
  const { maxLength = DEFAULT_MAX_LENGTH, stopWords = new Set<string>() } = options;
  const all = words(title);
  const telling = all.filter((word) => !stopWords.has(word));
  const [first = 'untitled', ...rest] = telling.length > 0 ? telling : all;
  let slug = first.slice(0, maxLength);
  for (const word of rest) {
    if (slug.length + 1 + word.length > maxLength) break;
    slug += `-${word}`;
  }
  return slug;
};

/** One slug a title, in their order; a slug that is taken gets the next free number. */
export const uniqueSlugs = (titles: readonly string[], options: SlugOptions = {}): readonly string[] => {
  const taken = new Set<string>();
  return titles.map((title) => {
    const slug = slugify(title, options);
    let free = slug;
    for (let next = 2; taken.has(free); next += 1) free = `${slug}-${next}`;
    taken.add(free);
    return free;
  });
};
