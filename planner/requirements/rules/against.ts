/** Signs that a sentence is about something else: the document, a word's meaning, the people who build it, what is so anyway. */
import type { Sign } from './rule.ts';

export const AGAINST: readonly Sign[] = [
  { id: 'keywords', finds: 'how binding words are to be read', example: 'MUST and SHOULD are to be read as in RFC 2119.', points: -9, pattern: /\b(?:RFC|BCP)[ -]?(?:2119|8174|14)\b/i },
  {
    id: 'about-document',
    finds: 'the document and its parts',
    example: 'This section describes the interfaces.',
    points: -3,
    pattern:
      /\b(?:this|the present|following) (?:document|section|specification|chapter|appendix|figure|table|srs|subsection|standard|paper|guide|requirements?|list|report|use case)\b|\b(?:use case|srs|document) (?:describes?|begins?|presents?|ends?|starts?)\b|\bthe document\b|\bsee (?:also|section|appendix|figure|table)\b|\bappendix\b|\breaders?\b/i,
  },
  { id: 'definition', finds: 'a word, a colon or a dash, and what it means', example: 'Patron: A resident with a card.', points: -3, pattern: /^\W{0,4}\w[\w /()'-]{0,48}(?::| [-–=] ) ?(?:an? |the |[A-Z])/i },
  { id: 'meaning', finds: 'stands for, means, refers to, is defined as', example: 'IED stands for intelligent electronic device.', points: -1, pattern: /\b(?:stands for|means|refers to|is defined as|is known as|denotes|short for|is called|acronym|abbreviation|definition|term)\b/i },
  { id: 'is-a', finds: 'what something is', example: 'A tile is a piece of the game.', points: -1, pattern: /\b(?:is|are) (?:an?|the|one of|any|some)\b/i },
  { id: 'assumption', finds: 'what is assumed or expected', example: 'We assume that users have a browser.', points: -1, pattern: /\b(?:assum(?:e|es|ed|ing|ption|ptions)|suppos(?:e|es|ed|ing)|expect(?:s|ed|ing|ation|ations)?|believed?)\b/i },
  { id: 'project', finds: 'who builds it and how', example: 'The team will meet on Mondays.', points: -2, pattern: /\b(?:projects?|stakeholders?|developers?|development|releases?|vendors?|teams?|engineers?|goals?|scope)\b/i },
  { id: 'short', finds: 'fewer than nine words', example: 'User can log in.', points: -1, pattern: /^\W{0,9}(?:\S{1,99}\s{1,9}){0,7}\S{1,99}\s{0,9}$/ },
  { id: 'very-short', finds: 'fewer than six words', example: 'System requirements.', points: -1, pattern: /^\W{0,9}(?:\S{1,99}\s{1,9}){0,4}\S{1,99}\s{0,9}$/ },
  { id: 'step', finds: 'a numbered step', example: '4. An error is shown.', points: -1, pattern: /^\W{0,4}\d{1,3}[.)] / },
  { id: 'pronoun', finds: 'a sentence that begins with it, this, there, they', example: 'It can be large.', points: -1, pattern: /^\W{0,4}(?:it|there|these|those|they|this|that|some|many|most|he|she|we|i|you)\b/i },
  { id: 'reference', finds: 'described in, listed below, links', example: 'The format is described in [3].', points: -2, pattern: /\b(?:described|defined|explained|specified|discussed|mentioned|listed|contained) (?:in|below|above|at|by)\b|\[\d{1,3}\]|\bhttps?:|\bcopyright\b/i },
];
