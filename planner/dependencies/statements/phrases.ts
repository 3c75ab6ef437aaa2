/** Words by which a document says what comes before what. */

export interface Phrase {
  readonly pattern: RegExp;
  /** Whether what it speaks of comes before what follows the words, or after it. */
  readonly subject: 'before' | 'after';
  readonly kind: 'need' | 'order';
  /**
   * What may follow: `any` name that is known; a `long` one, of two words or more; `keys` alone. "Before" and "after" mostly
   * speak of what happens at run time.
   */
  readonly names: 'any' | 'long' | 'keys';
  /** It states an order only when the words go on so. */
  readonly closing?: RegExp;
}

const DONE = /^\s*(?:(?:is|are|has been|have been|being|gets?)\s+)?(?:fully\s+)?(?:done|completed?|completion|finished|implemented|in place|ready|available|merged|deployed|built|delivered|there|exists?)\b/iu;

export const PHRASES: readonly Phrase[] = [
  { pattern: /\b(?:depends?|depending|dependent|relies|rely|relying|builds?)\s+(?:up)?on\b\s*:?/giu, subject: 'after', kind: 'need', names: 'any' },
  { pattern: /\b(?:dependenc(?:y|ies)|depends|prerequisites?|requires|blocked by)\s*:/giu, subject: 'after', kind: 'need', names: 'any' },
  { pattern: /\bblocked\s+(?:by|on|until)\b/giu, subject: 'after', kind: 'need', names: 'any' },
  { pattern: /\b(?:requires?|needs?)\b(?!\s*:)/giu, subject: 'after', kind: 'need', names: 'long' },
  { pattern: /\b(?:once|as soon as|until)\b/giu, subject: 'after', kind: 'order', names: 'any', closing: DONE },
  { pattern: /\b(?:after|following)\b/giu, subject: 'after', kind: 'order', names: 'any', closing: DONE },
  { pattern: /\b(?:after|following)\b/giu, subject: 'after', kind: 'order', names: 'keys' },
  { pattern: /\b(?:before|prior to|precedes?)\b/giu, subject: 'before', kind: 'order', names: 'keys' },
  { pattern: /\bblocks\b/giu, subject: 'before', kind: 'need', names: 'keys' },
  { pattern: /\b(?:a\s+)?(?:prerequisites?\s+(?:for|of|to)|required\s+(?:by|for)|needed\s+(?:by|for))\b/giu, subject: 'before', kind: 'need', names: 'any' },
];

/** Any of them, to pass over most passages at once. */
export const SOME_PHRASE = /\b(?:depend|rel(?:y|ies)|build|block|prerequisite|require|need|once|as soon as|until|after|following|before|prior to|precede)/iu;

/** The words before a phrase that turn it round. */
export const NEGATED = /(?:\bnot|n['’]t|\bno|\bnever|\bwithout|\bindependent(?:ly)?)\s+(?:\w+\s+)?$/iu;
