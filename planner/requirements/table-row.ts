/** What a row of a table is, by the head of its first column and by what its first cell holds. */
import { plainText } from '../document/plain.ts';
import type { Finding } from './found.ts';
import { isQualityKey, isScenarioKey, keyAtStart } from './keys.ts';
import { INTERFACES, TABLE_HEADS } from './rules/interfaces.ts';
import type { Topic } from './topics.ts';
import { isRequirement } from './verdict.ts';

export interface Row {
  /** As written. */
  readonly cells: readonly string[];
  readonly head: readonly string[];
  readonly topic: Topic;
}

export const rowOf = ({ cells, head, topic }: Row): Finding | undefined => {
  const [first = ''] = cells;
  const name = plainText(first);
  if (!/[\p{L}\d]/u.test(name) || cells.length < 2) return undefined;
  const verdicts = cells.map((cell) => isRequirement(plainText(cell)));
  const verdict = verdicts.find(({ isRequirement: is }) => is);
  const strength = verdict?.strength ?? 'stated';
  const key = keyAtStart(name);
  if (key !== undefined) return { rule: 'keyed', strength, kind: verdict?.isProhibition ? 'prohibition' : isQualityKey(key) ? 'quality' : isScenarioKey(key) ? 'scenario' : 'functional' };
  if (topic === 'narrative' || topic === 'risks') return verdict && strength !== 'stated' ? { rule: verdict.rule, strength, kind: verdict.isProhibition ? 'prohibition' : 'functional' } : undefined;
  const called = INTERFACES.find(({ pattern }) => pattern.test(name));
  const isCode = /^[\s*_(]{0,6}`/.test(first);
  const titled = TABLE_HEADS.find((rule) => rule.head.test((head[0] ?? '').toLowerCase()));
  if (called && ((isCode && called.id !== 'config-key') || (isCode && titled?.id !== 'requirement-row') || called.id === 'endpoint' || called.id === 'flag')) return { rule: titled?.id === 'option-row' ? titled.id : called.id, kind: 'interface', strength };
  if (titled) return { rule: titled.id, strength, kind: titled.kind === 'interface' ? 'interface' : topic === 'quality' ? 'quality' : topic === 'entities' ? 'interface' : 'functional' };
  return verdict ? { rule: verdict.rule, strength, kind: verdict.isProhibition ? 'prohibition' : topic === 'quality' ? 'quality' : 'functional' } : undefined;
};
