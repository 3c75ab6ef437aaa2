/** What a section is about, by its title; a heading's words decide, not its number or its icon. */
import type { SectionKind } from './document.ts';

interface TitleRule {
  readonly kind: Exclude<SectionKind, 'content'>;
  readonly title: RegExp;
}

/** The first that matches counts. Titles come in small letters, without numbers and signs at their begin. */
export const TITLE_RULES: readonly TitleRule[] = [
  { kind: 'ignored', title: /^(?:table of )?contents?$|^toc$|^index$/ },
  { kind: 'ignored', title: /^(?:licen[cs]e|licensing|copyright)(?: (?:and|&) (?:licen[cs]e|copyright))?(?: notice)?$/ },
  { kind: 'ignored', title: /^(?:references?|bibliography|further reading|see also|related (?:work|links|documents|reading)|links|resources and links|credits|acknowledge?ments?|contributors|authors?)$/ },
  { kind: 'ignored', title: /^(?:change ?log|change history|revision history|document (?:history|control|conventions|revisions?)|version history|revisions|release notes|sign-?offs?|approvals?)$/ },
  { kind: 'ignored', title: /^(?:glossary|terminology|definitions?(?:,? (?:and|&)? ?(?:acronyms|abbreviations|terms).*)?|acronyms.*|abbreviations.*|terms and definitions)$/ },
  // What templates say to whoever fills them in.
  { kind: 'ignored', title: /^(?:execution flow|quick guidelines|section requirements|for ai generation|review (?:&|and) acceptance checklist|review checklist|execution status|template instructions|instructions for (?:use|authors)|how to use this (?:template|document)|about this (?:template|document)|constitution check|complexity tracking|progress tracking|intended audience.*|document purpose)\b/ },
  { kind: 'excludes', title: /^(?:non[- ]?(?:goals?|objectives?|requirements)|not (?:goals?|in scope|planned|included|supported)|what (?:is|this is) not|anti[- ]?goals?|out[- ]of[- ]scope|exclusions?|excluded|scope exclusions?|won['’]?t (?:do|have|fix)|will not (?:do|have|be)|not doing|no[- ]gos?|deferred|postponed|backlog for later)\b/ },
  { kind: 'excludes', title: /^(?:future (?:work|enhancements?|improvements?|features?|considerations?|scope|plans?|ideas?|extensions?|directions?|versions?|releases?|possibilities|opportunities|development)|possible (?:future|later) .*|later (?:versions?|releases?|work)|nice[- ]to[- ]haves? \(future\)|ideas for later|v\d+ (?:ideas|considerations?)|parking lot|icebox)\b/ },
  { kind: 'alternatives', title: /^(?:(?:considered |rejected |other )?alternatives?(?: (?:considered|rejected|approaches|solutions|designs?))*|(?:options|approaches) (?:considered|not chosen|rejected)|rejected (?:options|ideas|approaches)|prior art(?: and alternatives)?|other options)\b/ },
  { kind: 'questions', title: /^(?:(?:open|unresolved|outstanding|unanswered|remaining) (?:questions?|issues?|points?|items?)|questions?|to be (?:decided|determined|discussed)|tbds?|unknowns|issues to resolve)\b/ },
];

/** `3.1 ⚡ Quick Guidelines *(mandatory)*` is `quick guidelines (mandatory)`. */
export const plainTitle = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/[*_`]/g, '')
    .replace(/^(?:(?:appendix|section|chapter)\s+)?(?:\d+(?:\.\d+)*|[a-z]|[ivx]{1,5})[.):]\s+|^\d+(?:\.\d+)*\s+/u, '')
    .replace(/^[^\p{L}\d]+/u, '')
    .replace(/[\s:.]+$/u, '')
    .trim();

export const kindOfTitle = (title: string): SectionKind => {
  const plain = plainTitle(title.slice(0, 200));
  return TITLE_RULES.find((rule) => rule.title.test(plain))?.kind ?? 'content';
};
