/**
 * Whether a sentence is a requirement, by the signs in it: the strongest modal word, or that it says what the system does, and
 * what speaks for and against. It is one when the points add up to more than 0.
 */
import type { Strength } from '../artifacts/coverage.schema.ts';
import { AGAINST } from './rules/against.ts';
import { BEHAVIOUR, MORE } from './rules/behaviour.ts';
import { FORMS } from './rules/forms.ts';
import type { Form } from './rules/forms.ts';
import { MODALS, PROHIBITION } from './rules/modals.ts';
import type { Sign } from './rules/rule.ts';

export interface Verdict {
  readonly isRequirement: boolean;
  /** The rule that speaks for it the loudest; `none` where none does. */
  readonly rule: string;
  readonly strength: Strength;
  readonly isProhibition: boolean;
  readonly kind: 'functional' | 'scenario';
  /** More than 0: a requirement. */
  readonly score: number;
}

/** What stands beyond is not looked at. */
const MAX_LOOKED_AT = 2_000;
/** Cheap: without one of these no rule for a requirement can match. */
const TRIGGER = /\b(?:must|shall|should|ought|recommended|needs?|ha(?:s|ve) to|required?|requires|needed|necessary|mandatory|essential|obliged|able to|abilit|capab|will|may|might|can|could|optional|given|when|as an?)|n['’]t\b|[a-z]s\b/i;
const NONE: Verdict = { isRequirement: false, rule: 'none', strength: 'stated', isProhibition: false, kind: 'functional', score: -9 };

const sum = (signs: readonly Sign[], text: string): number => signs.reduce((points, { points: more, pattern }) => (pattern.test(text) ? points + more : points), 0);

const formOf = (text: string): Form | undefined => FORMS.find(({ pattern }) => pattern.test(text));

/** `sentence` is plain text. */
export const isRequirement = (sentence: string): Verdict => {
  const text = sentence.slice(0, MAX_LOOKED_AT);
  if (!TRIGGER.test(text)) return NONE;
  const modal = MODALS.find(({ pattern }) => pattern.test(text));
  const form = formOf(text);
  const signs = modal ? [modal] : BEHAVIOUR.filter(({ pattern }) => pattern.test(text));
  const isProhibition = modal !== undefined && PROHIBITION.test(text);
  if (form && (form.strength !== undefined || modal)) {
    return { isRequirement: true, rule: form.id, strength: form.strength ?? modal?.strength ?? 'stated', isProhibition: isProhibition && form.kind !== 'scenario', kind: form.kind, score: 9 };
  }
  const [loudest] = signs;
  if (!loudest) return NONE;
  const score = signs.reduce((points, sign) => points + sign.points, 0) + sum(MORE, text) + sum(AGAINST, text);
  return { isRequirement: score > 0, rule: loudest.id, strength: loudest.strength ?? 'stated', isProhibition, kind: 'functional', score };
};
