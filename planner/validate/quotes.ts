/** Everything that a plan quotes of its document, or gives as a reason, wherever it stands. */
import { quote } from '../read/words.ts';
import type { Item } from './item.ts';
import { elements, member, textOf } from './item.ts';
import type { V3View } from './view.ts';

export interface Quote {
  /** The text itself. */
  readonly item: Item;
  readonly text: string;
  /** What quotes it, for messages. */
  readonly of: string;
  /** Of a feature or a task its id. */
  readonly owner?: { readonly kind: 'feature' | 'task'; readonly id: string };
  /** What it stands in; undefined where it is a reason in words, which stands nowhere in the document. */
  readonly evidence?: Item;
}

const idOf = (item: Item): string => quote(textOf(member(item, 'id')) ?? '');

const quoteIn = (evidence: Item, of: string): readonly Quote[] => {
  const item = member(evidence, 'quote');
  const text = textOf(item);
  return text === undefined ? [] : [{ item, text, of, evidence }];
};

const listed = (items: readonly Item[], kind: 'feature' | 'task'): readonly Quote[] =>
  items.flatMap((item) => {
    const owner = { kind, id: textOf(member(item, 'id')) ?? '' };
    return elements(member(item, 'source_evidence')).flatMap((evidence) => quoteIn(evidence, `${kind} ${idOf(item)}`).map((each) => ({ ...each, owner })));
  });

const words = (item: Item, of: string): readonly Quote[] => {
  const text = textOf(item);
  return text === undefined ? [] : [{ item, text, of }];
};

const ofDependency = (edge: Item): readonly Quote[] => {
  const of = `the dependency ${['from', 'to'].map((end) => quote(textOf(member(edge, end)) ?? '')).join(' → ')}`;
  return [...words(member(edge, 'reason'), of), ...elements(member(edge, 'evidence')).flatMap((each) => [...words(member(each, 'reason'), of), ...words(member(each, 'quote'), of)])];
};

export const quotesOf = (view: V3View): readonly Quote[] => {
  const coverage = view.file('coverage.json');
  const below = (key: string, what: string): readonly Quote[] => elements(member(coverage, key)).flatMap((each) => quoteIn(member(each, 'evidence'), `${what} ${idOf(each)}`));
  return [
    ...listed(view.features, 'feature'),
    ...listed(view.tasks, 'task'),
    ...view.dependencies.flatMap(ofDependency),
    ...below('requirements', 'requirement'),
    ...elements(member(coverage, 'excludes')).flatMap((each) => quoteIn(each, 'what is excluded')),
    ...elements(member(coverage, 'clarifications')).flatMap((each) => quoteIn(member(each, 'evidence'), 'a clarification')),
  ];
};
