/** What an item, or a sentence, is: the first rule that fits, from its form to where it stands. */
import type { Strength } from '../artifacts/coverage.schema.ts';
import type { Finding } from './found.ts';
import { isQualityKey, isScenarioKey, keyAtStart } from './keys.ts';
import { isIdleLabel, labelled, MITIGATION_LABEL } from './label.ts';
import { IMPERATIVE, isImperative } from './rules/imperatives.ts';
import { INTERFACES } from './rules/interfaces.ts';
import { isBounded, QUALITY } from './rules/quality.ts';
import { STRUCTURE } from './rules/structure.ts';
import { topicOf } from './topics.ts';
import type { Topic } from './topics.ts';
import type { UnitKind } from './unit.ts';
import { isRequirement } from './verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Piece {
  readonly markdown: string;
  readonly plain: string;
  readonly topic: Topic;
}

export interface ItemPiece extends Piece {
  readonly isChecked?: boolean;
  /** How binding the sentence before its list is. */
  readonly lead?: Strength;
  /** Whether it stands below a requirement. */
  readonly isDetail: boolean;
}

/** Binding whatever stands around it; "will" and "needs to" tell stories as often. */
const isNormative = ({ isRequirement: is, rule, strength }: Verdict): boolean => is && strength !== 'stated' && strength !== 'may' && rule !== 'modal-will' && rule !== 'modal-need';

/** Where a section is about the system, what it says that the system does is enough. */
const isSaid = (topic: Topic, { isRequirement: is, rule, score }: Verdict): boolean => is || (score >= 0 && rule.startsWith('system-') && topic !== 'neutral');

const kindIn = (topic: Topic, { kind, isProhibition }: Verdict, plain: string): UnitKind => {
  if (kind === 'scenario' || topic === 'acceptance' || topic === 'tests') return 'scenario';
  if (isProhibition) return 'prohibition';
  return topic === 'quality' || isBounded(plain) ? 'quality' : 'functional';
};

const judged = (piece: Piece, verdict: Verdict): Finding => ({ rule: verdict.rule, strength: verdict.strength, kind: kindIn(piece.topic, verdict, piece.plain) });

/** A kind that a key names counts before what the words say. */
const keyed = (piece: Piece, key: string): Finding => {
  const rest = piece.plain.slice(piece.plain.indexOf(key) + key.length).replace(/^[\s:.)\]–—-]+/, '');
  const verdict = isRequirement(rest);
  const byKey = isQualityKey(key) ? 'quality' : isScenarioKey(key) ? 'scenario' : undefined;
  const kind = verdict.isProhibition ? 'prohibition' : (byKey ?? (verdict.kind === 'scenario' ? 'scenario' : 'functional'));
  return { rule: STRUCTURE.keyed.id, kind, strength: verdict.strength };
};

const interfaceOf = ({ markdown, plain }: Piece): Finding | undefined => {
  const rule = INTERFACES.find(({ pattern }) => pattern.test(plain.slice(0, 300)));
  const isCode = /^[\s*_(]{0,6}`/.test(markdown);
  if (!rule || ((rule.id === 'config-key' || rule.id === 'variable') && !isCode)) return undefined;
  return { rule: rule.id, kind: 'interface', strength: 'stated' };
};

const LISTED: Readonly<Partial<Record<Topic, { readonly rule: string; readonly kind: UnitKind }>>> = {
  features: { rule: STRUCTURE.feature.id, kind: 'functional' },
  tasks: { rule: STRUCTURE.roadmap.id, kind: 'functional' },
  tests: { rule: STRUCTURE.test.id, kind: 'scenario' },
  acceptance: { rule: STRUCTURE.acceptance.id, kind: 'scenario' },
  quality: { rule: STRUCTURE.quality.id, kind: 'quality' },
};

/** By where it stands alone. */
const placed = ({ markdown, topic }: ItemPiece, label: string | undefined): Finding | undefined => {
  const listed = LISTED[topic];
  if (listed) return { ...listed, strength: 'stated' };
  if (topic === 'interfaces' && /^[\s*_(]{0,6}`/.test(markdown)) return { rule: STRUCTURE.interface.id, kind: 'interface', strength: 'stated' };
  if (topic === 'design' && label !== undefined) return { rule: STRUCTURE.design.id, kind: 'functional', strength: 'stated' };
  return undefined;
};

const ANSWERED = /\?["'”’)]{0,2}\s+\S/;
const OPEN = /\?["'”’)]{0,2}\s*$/;
export const isQuestion = (plain: string): boolean => OPEN.test(plain);
/** `Q: …` of a list of clarifications, answered or not. */
export const isClarification = (plain: string): boolean => /^(?:q(?:uestion)?|a(?:nswer)?)\s?\d{0,3}[:.)]\s/i.test(plain) || /\?\s*(?:→|->|=>|—|–|-)\s*a(?:nswer)?:/i.test(plain);

const ofNarrative = (piece: Piece, verdict: Verdict): Finding | undefined => (isNormative(verdict) || verdict.rule === 'user-story' ? judged(piece, verdict) : undefined);

export const classifyItem = (piece: ItemPiece): Finding | undefined => {
  const { markdown, plain } = piece;
  if (!/\p{L}{2}/u.test(plain) || isClarification(plain)) return undefined;
  const key = keyAtStart(plain);
  if (key !== undefined) return keyed(piece, key);
  if (isQuestion(plain)) return undefined;
  const { label, rest } = labelled(markdown, plain);
  const said = rest === '' ? plain : rest;
  const own = label === undefined ? 'neutral' : topicOf(label);
  const topic = (piece.topic === 'design' || piece.topic === 'neutral') && (own === 'entities' || own === 'quality') ? own : piece.topic;
  const verdict = isRequirement(said);
  const here = { ...piece, topic };
  if (label !== undefined && MITIGATION_LABEL.test(label)) return { rule: STRUCTURE.mitigation.id, kind: 'functional', strength: verdict.isRequirement ? verdict.strength : 'stated' };
  if (piece.isChecked === true) return isNormative(verdict) ? judged(here, verdict) : undefined;
  if (piece.isChecked === false) return { rule: STRUCTURE.checkbox.id, kind: verdict.isProhibition ? 'prohibition' : (LISTED[topic]?.kind ?? 'functional'), strength: verdict.isRequirement ? verdict.strength : 'stated' };
  if (topic === 'narrative' || topic === 'risks' || (label !== undefined && topic !== 'entities' && isIdleLabel(label, topic))) return ofNarrative(here, verdict);
  const called = interfaceOf(piece);
  if (called) return { ...called, strength: verdict.isRequirement ? verdict.strength : (piece.lead ?? 'stated') };
  if (topic === 'entities' && (label !== undefined || /^[\s]{0,9}(?:\*\*|`)/.test(markdown))) return { rule: STRUCTURE.entity.id, kind: 'interface', strength: 'stated' };
  if (topic === 'acceptance' && ANSWERED.test(plain)) return { rule: verdict.isRequirement ? verdict.rule : STRUCTURE.acceptance.id, kind: 'scenario', strength: verdict.isRequirement ? verdict.strength : 'stated' };
  if (verdict.isRequirement) return judged(here, verdict);
  if (piece.lead !== undefined) return { rule: STRUCTURE.listed.id, kind: topic === 'quality' ? 'quality' : 'functional', strength: piece.lead };
  const listed = placed(here, label);
  if (isImperative(said) || isImperative(plain)) return { rule: IMPERATIVE.id, kind: listed?.kind ?? 'functional', strength: 'stated' };
  if (piece.isDetail) return { rule: STRUCTURE.detail.id, kind: listed?.kind ?? 'functional', strength: 'stated' };
  return listed ?? (isBounded(plain) ? { rule: QUALITY.id, kind: 'quality', strength: 'stated' } : undefined);
};

export const classifySentence = (piece: Piece): Finding | undefined => {
  const { markdown, plain, topic } = piece;
  if (!/\p{L}{2}/u.test(plain) || isQuestion(plain) || isClarification(plain)) return undefined;
  const key = keyAtStart(plain);
  const { label, rest } = labelled(markdown, plain);
  const said = rest === '' ? plain : rest;
  const verdict = isRequirement(said);
  if (key !== undefined && /^[\s*_`[(#]{0,6}\S+[\s*_`\])]{0,6}[:.)\]–—-]/.test(plain)) return keyed(piece, key);
  if (topic === 'narrative' || topic === 'risks' || (label !== undefined && isIdleLabel(label, topic))) return ofNarrative(piece, verdict);
  if (isSaid(topic, verdict)) return judged(piece, verdict);
  if (isImperative(said)) return { rule: IMPERATIVE.id, kind: LISTED[topic]?.kind ?? 'functional', strength: 'stated' };
  return isBounded(plain) && plain.split(' ').length >= 4 ? { rule: QUALITY.id, kind: 'quality', strength: 'stated' } : undefined;
};
