/** Forms in which requirements are written: EARS, user stories, scenarios. Looked at before words are. */
import type { Rule } from './rule.ts';

export interface Form extends Rule {
  readonly pattern: RegExp;
  readonly kind: 'functional' | 'scenario';
}

const THEN = '[^.]{3,400}?\\b(?:shall|must|should|will)\\b';

export const FORMS: readonly Form[] = [
  { id: 'user-story', finds: 'As a …, I want …', example: 'As a buyer, I want a receipt, so that I can claim it.', strength: 'stated', kind: 'functional', pattern: /^\W{0,6}(?:[^:.]{1,60}: )?as an? [^,.]{1,120},? (?:i|we) (?:want|need|would like|can|should|must|expect|wish)\b/i },
  { id: 'scenario', finds: 'Given …, when …, then …', example: 'Given a cart, when it is paid, then a receipt is sent.', strength: 'stated', kind: 'scenario', pattern: /^\W{0,6}given\b[^]{3,800}?\bthen\b/i },
  { id: 'scenario', finds: 'When …, then … without a modal word', example: 'When it is paid, then a receipt is sent.', strength: 'stated', kind: 'scenario', pattern: /^\W{0,6}when\b[^.]{3,400}?, then (?!.{0,200}\b(?:shall|must|should|will)\b)/i },
  { id: 'ears-event', finds: 'EARS: when …, the system shall …', example: 'When a file arrives, the system shall scan it.', kind: 'functional', pattern: new RegExp(`^\\W{0,6}(?:when|whenever|once|upon|after)\\b${THEN}`, 'i') },
  { id: 'ears-state', finds: 'EARS: while …, the system shall …', example: 'While offline, the app must queue changes.', kind: 'functional', pattern: new RegExp(`^\\W{0,6}(?:while|during|as long as)\\b${THEN}`, 'i') },
  { id: 'ears-option', finds: 'EARS: where …, the system shall …', example: 'Where a proxy is set, the client shall use it.', kind: 'functional', pattern: new RegExp(`^\\W{0,6}where\\b${THEN}`, 'i') },
  { id: 'ears-unwanted', finds: 'EARS: if …, then the system shall …', example: 'If the disk is full, then the job shall stop.', kind: 'functional', pattern: new RegExp(`^\\W{0,6}(?:if|unless|in case)\\b${THEN}`, 'i') },
];
