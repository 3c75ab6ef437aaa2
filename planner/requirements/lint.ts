/**
 * What to ask the document's author, the gravest first, at most {@link MAX_CLARIFICATIONS}: marks that something is missing,
 * questions without an answer, requirements that nobody can test, ids that are given twice. It never stops a plan.
 */
import type { Block } from '../document/block.ts';
import type { Span, SpecDocument } from '../document/document.ts';
import { plainText } from '../document/plain.ts';
import { sentencesOf } from '../document/sentences.ts';
import { isClarification } from './classify.ts';
import type { EvidenceReader } from './evidence.ts';
import { canonicalKey, keyAtStart } from './keys.ts';
import { isMeasured, OPEN_MARKS, VAGUE } from './rules/vague.ts';
import { MAX_CLARIFICATIONS } from './unit.ts';
import type { Clarification, RequirementUnit } from './unit.ts';

interface Doubt extends Span {
  readonly kind: Clarification['kind'];
  readonly rule: string;
  readonly message: string;
  readonly weight: number;
}

export interface LintInput {
  readonly document: SpecDocument;
  readonly blocks: readonly Block[];
  readonly units: readonly RequirementUnit[];
  readonly reader: EvidenceReader;
}

/** How much graver a doubt is about something binding. */
const BINDING = { must: 3, should: 2, may: 0, stated: 1 } as const;
const QUESTION_WEIGHT = 12;
const QUESTION = /\?["'”’)\]*_]{0,4}$/;

const isRead = ({ kind }: Block): boolean => kind === 'item' || kind === 'paragraph' || kind === 'row';

const marksIn = (text: string, { start, end }: Span): readonly Doubt[] =>
  OPEN_MARKS.flatMap(({ id, pattern, message, weight }) =>
    [...text.slice(start, end).matchAll(pattern)].map((match): Doubt => ({ kind: 'open_question', rule: id, message: message((match[1] ?? '').trim()), weight, start: start + match.index, end: start + match.index + match[0].length })),
  );

/** A question that is a sentence of its own, and that nothing follows within its item or paragraph. */
const questionIn = (text: string, block: Block, hasAnswerBelow: boolean): Doubt | undefined => {
  const last = hasAnswerBelow ? undefined : sentencesOf(text, block).at(-1);
  if (!last) return undefined;
  const plain = plainText(text.slice(last.start, last.end));
  if (!QUESTION.test(plain) || plain.split(' ').length < 3 || isClarification(plain.replace(/^(?:q|question)\s?\d{0,3}[:.)]\s/i, ''))) return undefined;
  return { kind: 'open_question', rule: 'question', message: 'Nothing in the document answers this question.', weight: QUESTION_WEIGHT, start: last.start, end: last.end };
};

const vagueIn = (unit: RequirementUnit): readonly Doubt[] => {
  if (unit.kind === 'scenario' || unit.kind === 'interface' || isMeasured(unit.text)) return [];
  const hit = VAGUE.map((rule) => ({ rule, found: rule.pattern.exec(unit.text)?.[0] }))
    .filter(({ found }) => found !== undefined)
    .toSorted((a, b) => b.rule.weight - a.rule.weight)[0];
  if (!hit) return [];
  const { rule, found = '' } = hit;
  return [{ kind: 'vague', rule: rule.id, message: `"${found.trim()}" cannot be tested: ${rule.reason}.`, weight: rule.weight + BINDING[unit.strength], start: unit.start, end: unit.end }];
};

/** Ids that stand before two requirements. */
const repeatedKeys = (units: readonly RequirementUnit[]): readonly Doubt[] => {
  const owners = new Set(units.flatMap(({ key }) => (key === undefined ? [] : [canonicalKey(key)])));
  return units.flatMap((unit): Doubt[] => {
    const key = unit.key === undefined && unit.rule === 'keyed' ? keyAtStart(unit.text) : undefined;
    if (key === undefined || !owners.has(canonicalKey(key))) return [];
    return [{ kind: 'open_question', rule: 'key-twice', message: `The document gives the id ${key} to something else, too.`, weight: 14, start: unit.start, end: unit.end }];
  });
};

export const lint = ({ document, blocks, units, reader }: LintInput): readonly Clarification[] => {
  const { text } = document;
  const parents = new Set(blocks.flatMap(({ parent }) => (parent === undefined ? [] : [parent])));
  const answers = (index: number): boolean => parents.has(index) || /^a(?:nswer)?\s?\d{0,3}[:.)]\s/i.test(plainText(text.slice(blocks[index + 1]?.start ?? 0, Math.min(blocks[index + 1]?.end ?? 0, (blocks[index + 1]?.start ?? 0) + 80))));
  const inBlocks = blocks.flatMap((block, index): readonly Doubt[] => {
    if (!isRead(block) || block.end <= block.start) return [];
    const { kind } = reader.sectionAt(block.start);
    if (kind !== 'content' && kind !== 'questions') return [];
    const question = block.kind !== 'row' && text.slice(block.start, block.end).includes('?') ? questionIn(text, block, answers(index)) : undefined;
    return [...marksIn(text, block), ...(question ? [question] : [])];
  });
  return [...inBlocks, ...repeatedKeys(units), ...units.flatMap(vagueIn)]
    .toSorted((a, b) => b.weight - a.weight || a.start - b.start || (a.rule < b.rule ? -1 : 1))
    .slice(0, MAX_CLARIFICATIONS)
    .map(({ kind, rule, message, start, end }): Clarification => ({ kind, rule, message, evidence: reader.evidenceOf({ start, end }) }));
};
