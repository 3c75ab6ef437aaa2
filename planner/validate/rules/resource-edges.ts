/** TASKS1302: a dependency that exists only because of a shared resource says so by its type, and says which resource. */
import { globsIntersect } from '../../../resources/globs.ts';
import { scopeKey } from '../../../resources/path-patterns.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { EdgeView } from '../graph-view.ts';
import type { Item } from '../item.ts';
import { at, entries, member, saidOf, textOf, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { isInterface } from './interface-names.ts';

const CODE = 'TASKS1302';
/** Patterns of one task that are compared with another's. */
const MAX_PATTERNS = 50;

const exclusiveOf = (task: Item | undefined): ReadonlySet<string> =>
  new Set(task ? texts(at(task, 'resource_requirements', 'estimated', 'exclusive_resources')).map(({ text }) => text) : []);
const sharedOf = (task: Item | undefined): ReadonlySet<string> =>
  new Set(task ? [...exclusiveOf(task), ...entries(at(task, 'resource_requirements', 'estimated', 'shared_resources')).map(([name]) => name)] : []);
const writesOf = (task: Item | undefined): readonly string[] =>
  task ? ['writes', 'write'].flatMap((key) => texts(at(task, 'files_scope', key)).map(({ text }) => scopeKey(text))).slice(0, MAX_PATTERNS) : [];

const common = (one: ReadonlySet<string>, other: ReadonlySet<string>): readonly string[] => [...one].filter((name) => other.has(name));

const below = (pattern: string): string => `${pattern}/**`;

/** Whether the tasks themselves show what they cannot both have. */
const isEvident = (one: Item | undefined, other: Item | undefined): boolean =>
  common(sharedOf(one), sharedOf(other)).length > 0 || writesOf(one).some((mine) => writesOf(other).some((theirs) => globsIntersect(below(mine), below(theirs))));

const hands = (from: Item | undefined, to: Item | undefined): boolean => {
  if (!from || !to) return false;
  const produced = texts(member(from, 'interfaces_produced')).map(({ text }) => text);
  return texts(member(to, 'interfaces_consumed')).some(({ text }) => produced.some((name) => isInterface(name, text)));
};

const speaksOf = (text: string, name: string): boolean => {
  const found = text.indexOf(name);
  return found >= 0 && !/[\w-]/.test(text[found - 1] ?? ' ') && !/[\w-]/.test(text[found + name.length] ?? ' ');
};

const wrongOf = ({ tasks }: V3View, edge: EdgeView): Finding | undefined => {
  const { item, type, isResource } = edge;
  const resource = member(item, 'shared_resource');
  const [from, to] = [tasks[edge.from], tasks[edge.to]];
  const pair = `${quote(textOf(member(item, 'from')) ?? '')} → ${quote(textOf(member(item, 'to')) ?? '')}`;
  if (isResource) {
    if (saidOf(resource) !== undefined || isEvident(from, to)) return undefined;
    return findingAt({ code: CODE, message: `the dependency ${pair} is ${type} and says of no resource`, where: item.where, hint: 'Name it in "shared_resource", or in the "exclusive_resources" or "files_scope.writes" of both tasks.' });
  }
  const hint = 'Make it "mutual_exclusion" (one at a time) or "resource_limited" (so many at a time).';
  if (saidOf(resource) !== undefined) {
    return findingAt({ code: CODE, message: `the dependency ${pair} has a shared_resource, and its type ${quote(type ?? '')} is that of another kind`, where: { ...member(item, 'type').where }, hint });
  }
  const reason = textOf(member(item, 'reason')) ?? '';
  const named = common(exclusiveOf(from), exclusiveOf(to)).find((name) => speaksOf(reason, name));
  if (named === undefined || hands(from, to)) return undefined;
  return findingAt({ code: CODE, message: `the dependency ${pair} is there because both need ${quote(named)}, and its type is ${quote(type ?? '')}`, where: member(item, 'reason').where, hint });
};

export const resourceEdges: Rule = {
  code: CODE,
  // What a task says of itself (`deps`) has no type that could be wrong.
  check: (view) => view.graph.edges.flatMap((edge) => (edge.item.where.path[0] === 'dependencies' ? (wrongOf(view, edge) ?? []) : [])),
};
