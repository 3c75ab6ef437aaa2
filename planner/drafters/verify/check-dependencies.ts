/**
 * Dependencies of a draft. What is claimed is believed as far as it can be checked: by a sentence of the document, by an
 * interface, by files. A claim that nothing supports orders, and gates nothing, however sure the drafter is.
 */
import { globsIntersect } from '../../../resources/globs.ts';
import type { Dependency } from '../../artifacts/tasks.schema.ts';
import { quote } from '../../read/words.ts';
import type { DraftDependency } from '../draft.schema.ts';
import type { HeldTask } from './held.ts';
import type { OrderGraph } from './order-graph.ts';
import { plainText } from './plain-text.ts';
import type { View } from './view.ts';

/** A sentence is there, but nobody has checked that it says so. */
export const MOST_BY_QUOTE = 0.85;
export const MOST_BY_INTERFACE = 0.95;
export const MOST_BY_FILES = 0.9;
/** Below every usual threshold. */
export const MOST_UNSUPPORTED = 0.6;
const MAX_REASON = 300;

export interface HeldDependency extends Pick<Dependency, 'type' | 'reason' | 'confidence' | 'isHard' | 'evidence'> {
  /** Places of the tasks. */
  readonly from: number;
  readonly to: number;
}

export interface CheckDependenciesOptions {
  readonly drafted: readonly DraftDependency[];
  readonly tasks: readonly HeldTask[];
  /** By the drafter's ids. */
  readonly places: ReadonlyMap<string, number>;
  /** Holds already what interfaces ask for. */
  readonly order: OrderGraph<number>;
  readonly view: View;
}

export const checkDependencies = ({ drafted, tasks, places, order, view }: CheckDependenciesOptions): readonly HeldDependency[] => {
  const { findings } = view;
  const held = new Map<string, HeldDependency>();
  const supported = drafted.flatMap((draft): readonly HeldDependency[] => {
    const where = whereOf(draft);
    const [from, to] = [places.get(plainText(draft.from, 40)), places.get(plainText(draft.to, 40))];
    if (from === undefined || to === undefined) findings.add('dropped', where, `there is no task ${quote(from === undefined ? draft.from : draft.to)}`);
    else if (from === to) findings.add('dropped', where, 'a task does not wait for itself');
    else if (plainText(draft.reason, MAX_REASON).length < 3) findings.add('dropped', where, 'it has no reason');
    else if (!(draft.confidence >= 0 && draft.confidence <= 1)) findings.add('dropped', where, 'its confidence is not between 0 and 1');
    else return [supportedBy({ draft, from, to, tasks, where, view })];
    return [];
  });
  // The surest first, so that of a cycle the least certain one is lost.
  for (const dependency of supported.toSorted((a, b) => Number(b.isHard) - Number(a.isHard) || b.confidence - a.confidence)) {
    const key = `${dependency.from},${dependency.to}`;
    if (held.has(key)) continue;
    const way = order.add(dependency.from, dependency.to);
    if (way) findings.add('dropped', `dependency ${idAt(tasks, dependency.from)} → ${idAt(tasks, dependency.to)}`, `it closes a cycle: ${[...way, dependency.to].map((at) => idAt(tasks, at)).join(' → ')}`);
    else held.set(key, dependency);
  }
  return [...held.values()].sort((a, b) => a.from - b.from || a.to - b.to);
};

const idAt = (tasks: readonly HeldTask[], at: number): string => tasks[at]?.id ?? '';

const whereOf = ({ from, to }: DraftDependency): string => `dependency ${plainText(from, 40)} → ${plainText(to, 40)}`;

interface Supporting {
  readonly draft: DraftDependency;
  readonly from: number;
  readonly to: number;
  readonly tasks: readonly HeldTask[];
  readonly where: string;
  readonly view: View;
}

const supportedBy = ({ draft, from, to, tasks, where, view }: Supporting): HeldDependency => {
  const [first, second] = [tasks[from] as HeldTask, tasks[to] as HeldTask];
  const evidence: { type: 'doc' | 'rule'; reason: string; confidence: number }[] = [];
  const add = (type: 'doc' | 'rule', reason: string, most: number): void => {
    evidence.push({ type, reason, confidence: Math.min(draft.confidence, most) });
  };
  const found = draft.quote.trim() === '' ? undefined : view.quotes.find(draft.quote, [...first.units, ...second.units]);
  if (found) add('doc', `The document says so: ${quote(found.evidence.quote)} (line ${found.evidence.startLine})`, MOST_BY_QUOTE);
  else if (draft.quote.trim() !== '') view.findings.add('dropped', where, `${quote(draft.quote)} does not stand in the document`);
  const shared = first.produces.find((name) => second.consumes.includes(name));
  if (shared !== undefined) add('rule', `It consumes ${shared}, which the other one produces`, MOST_BY_INTERFACE);
  const read = second.reads.find((path) => first.writes.some((written) => globsIntersect(path, written)));
  if (read !== undefined) add('rule', `It reads ${read}, which the other one writes`, MOST_BY_FILES);
  const isSupported = evidence.length > 0;
  if (!isSupported) add('rule', 'A drafter claims it, and nothing that can be checked supports it: it orders, and gates nothing', MOST_UNSUPPORTED);
  if (!isSupported && draft.isHard) view.findings.add('repaired', where, 'neither a quote, an interface nor a file supports it: it is soft');
  return { from, to, type: draft.type, reason: plainText(draft.reason, MAX_REASON), evidence, confidence: Math.max(...evidence.map(({ confidence }) => confidence)), isHard: draft.isHard && isSupported };
};
