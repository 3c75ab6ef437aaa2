/** TASKS1315: a node states everything that spec/003 asks for, so that what may run beside what is known before anything does. */
import { quote } from '../../read/words.ts';
import type { Finding, Severity } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, member, saidOf } from '../item.ts';
import type { NodeView } from './node-view.ts';

const CODE = 'TASKS1315';

interface Wanted {
  readonly name: string;
  readonly isStated: (item: Item) => boolean;
  /** Stated for what is around a node, it holds for the node. */
  readonly isInherited?: true;
}

const has = (item: Item, ...keys: readonly string[]): boolean => at(item, ...keys).value !== undefined;
const isList = (item: Item): boolean => Array.isArray(item.value);

const WANTED: readonly Wanted[] = [
  { name: 'id', isStated: (item) => saidOf(member(item, 'id')) !== undefined || saidOf(member(item, 'phase_id')) !== undefined },
  { name: 'kind', isStated: (item) => saidOf(member(item, 'kind')) !== undefined, isInherited: true },
  { name: 'depends_on', isStated: (item) => isList(member(item, 'depends_on')) || isList(member(item, 'deps')) },
  { name: 'files_scope.reads', isStated: (item) => isList(at(item, 'files_scope', 'reads')) || isList(at(item, 'files_scope', 'read')) },
  { name: 'files_scope.writes', isStated: (item) => isList(at(item, 'files_scope', 'writes')) || isList(at(item, 'files_scope', 'write')) },
  { name: 'concurrency_hint.parallel_ok', isStated: (item) => has(item, 'concurrency_hint', 'parallel_ok') || has(item, 'parallel_ok') },
  { name: 'concurrency_hint.conflict_group', isStated: (item) => has(item, 'concurrency_hint', 'conflict_group') || has(item, 'conflict_group') || isAlone(item) },
  { name: 'tool_preference', isStated: (item) => has(item, 'tool_preference'), isInherited: true },
  { name: 'priority', isStated: (item) => has(item, 'priority'), isInherited: true },
];

/** One that runs alone is in conflict with everybody. */
const isAlone = (item: Item): boolean => at(item, 'concurrency_hint', 'parallel_ok').value === false || member(item, 'parallel_ok').value === false;

const lackOf = ({ item, around }: NodeView): readonly string[] => WANTED.filter(({ isStated, isInherited }) => !isStated(item) && !(isInherited && around.some(isStated))).map(({ name }) => name);

/** What only holds subtasks states nothing of its own. */
export const incompleteNodes = (nodes: readonly NodeView[], severity: Severity): readonly Finding[] =>
  nodes
    .filter(({ holds }) => !holds)
    .flatMap((node) => {
      const lacks = lackOf(node);
      if (lacks.length === 0) return [];
      return findingAt({ code: CODE, severity, message: `${quote(node.id)} does not state ${lacks.join(', ')}`, where: node.item.where, hint: 'A list may be empty; "parallel_ok" may stand without "concurrency_hint" around it.' });
    });
