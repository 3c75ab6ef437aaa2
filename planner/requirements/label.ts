/** The label that an item or a sentence begins with: `**Risk:** …`, `**Presets** - …`, `Frontend: …`. */
import type { Topic } from './topics.ts';

export interface Labelled {
  /** Plain, without its colon; undefined where there is none. */
  readonly label?: string;
  /** Plain: what follows; all of it without a label. */
  readonly rest: string;
}

const BOLD = /^\s{0,9}(?:\*\*|__)[^*_\n]{1,120}(?:\*\*|__)/;
const SPLIT = /^(.{1,120}?)(?::| [-–—]{1,2}|—)(?: |$)/;
const PLAIN = /^((?:[\p{L}\d/&+.()'’`-]{1,40} ){0,5}[\p{L}\d/&+.()'’`-]{1,40}):(?: |$)/u;

/** `markdown` as written, `plain` without Markdown. A bold begin is a label whatever ends it; plain words are one before a colon. */
export const labelled = (markdown: string, plain: string): Labelled => {
  if (BOLD.test(markdown) || /^\s{0,9}[*_][^*_\n]{1,60}[*_]:?/.test(markdown)) {
    const bold = /^\s{0,9}[*_]{1,3}([^*_\n]{1,120})[*_]{1,3}/.exec(markdown)?.[1]?.trim() ?? '';
    const name = bold.replaceAll('`', '').replace(/[\s:]+$/, '');
    if (plain.startsWith(name) && name !== '') {
      const rest = plain.slice(name.length);
      const [, inner, after] = /^((?: \([^)]{0,120}\))?)\s{0,2}(?::|[-–—]{1,2}(?= )|\.|$)\s*([^]*)$/.exec(rest) ?? [];
      if (after !== undefined) return { label: `${name}${inner ?? ''}`, rest: after };
    }
  }
  const [, name] = PLAIN.exec(plain.slice(0, 260)) ?? [];
  if (name !== undefined && !/^https?$/i.test(name)) return { label: name, rest: plain.slice(name.length + 1).trim() };
  const [whole, dashed] = SPLIT.exec(plain.slice(0, 160)) ?? [];
  if (whole !== undefined && dashed !== undefined && dashed.split(' ').length <= 5) return { label: dashed, rest: plain.slice(whole.length).trim() };
  return { rest: plain };
};

const REASON = /^(?:why(?: this priority)?|rationale|reason|notes?|nb|examples?|e\.g\.|(?:user )?personas?|risks?|impact|likelihood|probability|severity|background|context|benefits?|assumptions?|independent test|goal is|tip|warning|see(?: also)?)$/i;
const METADATA = /^(?:status|created|updated|last updated|date|authors?|owner|version|reviewers?|approvers?|(?:feature )?branch|input|value|priority|estimate|effort|story points?|complexity|references?|source|link|question|answer|q|a)$/i;

/** Labels whose item says nothing that is to be done: reasons anywhere, and what describes the document where it speaks of nothing in particular. */
export const isIdleLabel = (label: string, topic: Topic): boolean => REASON.test(label) || (METADATA.test(label) && (topic === 'neutral' || topic === 'narrative' || topic === 'risks'));

export const MITIGATION_LABEL = /^(?:mitigation|mitigations|countermeasure|response|contingency|fallback|remedy)(?: \([^)]{0,40}\))?$/i;
