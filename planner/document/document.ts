/**
 * A specification as the planner sees it: its text, and where its sections are. All offsets are UTF-16 units of `text`, ends
 * exclusive; lines count from 1.
 */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * What a section is about, by its title. `excludes`: non-goals and what is out of scope; `alternatives`: what was considered and
 * not chosen; `ignored`: tables of contents, licences, references, changelogs, templates' own instructions.
 */
export type SectionKind = 'content' | 'excludes' | 'alternatives' | 'questions' | 'ignored';

export interface Section extends Span {
  /** Its place in {@link SpecDocument.sections}; 0 is what stands before the first heading. */
  readonly index: number;
  /** As written, without Markdown; empty for section 0. */
  readonly title: string;
  /** 1 to 6; 0 for section 0. */
  readonly depth: number;
  /** The section that holds it; undefined at the top. */
  readonly parent?: number;
  /** `H2: Authentication`, as evidence says it. */
  readonly label: string;
  /** An inherited kind counts, unless it is `content`. */
  readonly kind: SectionKind;
}

export interface SpecDocument {
  /** The file's own name, without directories; `description` for a description on the command line. */
  readonly name: string;
  /** As read, byte order mark left out. */
  readonly text: string;
  /** sha256 of the text. */
  readonly hash: string;
  /** Its first heading of depth 1, else its first words; never empty. */
  readonly title: string;
  /** The front matter's or a "Created" line's date, ISO 8601, where it states one. */
  readonly date?: string;
  /** In the order of the text. They do not overlap: each ends where the next one begins. */
  readonly sections: readonly Section[];
}
