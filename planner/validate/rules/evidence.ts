/** TASKS1305: every feature, task and dependency says what it is there for. */
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { elements, member, saidOf, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1305';

/** Of features and tasks: something of the document is quoted. */
export const isCited = (item: Item): boolean => elements(member(item, 'source_evidence')).some((each) => saidOf(member(each, 'quote')) !== undefined);
/** Of dependencies: somebody says so, the code shows it, or a rule demands it. */
export const isReasoned = (item: Item): boolean => elements(member(item, 'evidence')).some((each) => saidOf(member(each, 'reason')) !== undefined);

const missing = (item: Item, key: string, name: string): Finding =>
  findingAt({
    code: CODE,
    message: `${name} cites nothing`,
    where: member(item, key).where,
    hint: key === 'evidence' ? '"evidence": [{"type": "doc", "reason": "…", "confidence": 0.9}]' : 'Quote what of the document asks for it, with "quote", "loc", "section", "startLine", "endLine".',
  });

const idOf = (item: Item): string => quote(textOf(member(item, 'id')) ?? '');
const pairOf = (item: Item): string => ['from', 'to'].map((end) => quote(textOf(member(item, end)) ?? '')).join(' → ');

export const evidence: Rule = {
  code: CODE,
  check: ({ features, tasks, dependencies }) => [
    ...features.filter((feature) => !isCited(feature)).map((feature) => missing(feature, 'source_evidence', `feature ${idOf(feature)}`)),
    ...tasks.filter((task) => !isCited(task)).map((task) => missing(task, 'source_evidence', `task ${idOf(task)}`)),
    ...dependencies.filter((edge) => !isReasoned(edge)).map((edge) => missing(edge, 'evidence', `the dependency ${pairOf(edge)}`)),
  ],
};
