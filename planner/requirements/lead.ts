/** Words before a list: they say what its items are. */
import type { Strength } from '../artifacts/coverage.schema.ts';
import { EXCLUDING_LABEL } from './rules/exclusions.ts';
import { topicOf } from './topics.ts';
import type { Topic } from './topics.ts';
import { isRequirement } from './verdict.ts';

export interface Lead {
  readonly topic: Topic;
  readonly isExcluding: boolean;
  /** Where the words are binding themselves. */
  readonly strength?: Strength;
}

const BOLD_ONLY = /^\s{0,9}(?:\*\*|__)[^*_\n]{1,100}(?:\*\*|__)\s{0,3}:?(?:\s{0,3}[*_][^*_\n]{1,40}[*_])?\s*$/;

/** Of a whole paragraph or item: whether it only introduces what follows. */
export const isLeadIn = (markdown: string, plain: string): boolean => plain.endsWith(':') || BOLD_ONLY.test(markdown);

export const leadOf = (plain: string, around: Topic): Lead => {
  const words = plain.replace(/[\s:]+$/, '');
  const own = words.split(' ').length <= 6 ? topicOf(words) : 'neutral';
  const verdict = isRequirement(plain);
  const strength = verdict.isRequirement && verdict.score > 0 && words.split(' ').length > 2 ? verdict.strength : undefined;
  return { topic: own === 'neutral' ? around : own, isExcluding: EXCLUDING_LABEL.test(words), ...(strength === undefined || strength === 'stated' ? {} : { strength }) };
};
