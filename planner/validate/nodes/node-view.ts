/** The nodes of phase plans and FlowOps plans as the rules see them: tasks, and subtasks in them. */
import type { Detected } from '../../read/detect.ts';
import { top } from '../../read/envelope.ts';
import { isRecord } from '../../read/read-task.ts';
import type { SourceDocument } from '../../read/source.ts';
import type { Item } from '../item.ts';
import { elements, member, textOf } from '../item.ts';

export interface NodeView {
  readonly id: string;
  readonly item: Item;
  /** Of phase plans: `parallel_ok: false` is meant within it. */
  readonly phase?: string;
  /** The phase and the tasks around it, whose kind, priority and tools are its own where it states none. */
  readonly around: readonly Item[];
  /** It only holds subtasks, and does nothing itself. */
  readonly holds: boolean;
}

const idOf = (item: Item, key = 'id'): string => textOf(member(item, key)) ?? '';

/** Nesting is bounded by the reader, and so is the recursion. */
const nodeViews = (list: Item, phase: string | undefined, around: readonly Item[]): readonly NodeView[] =>
  elements(list).flatMap((item): readonly NodeView[] => {
    const subtasks = member(item, 'subtasks');
    const below = elements(subtasks).length > 0;
    const holds = below && member(item, 'cmd').value === undefined && member(item, 'executor').value === undefined;
    const own: NodeView = { id: idOf(item), item, around, holds, ...(phase !== undefined && { phase }) };
    return [own, ...(below ? nodeViews(subtasks, phase, [...around, item]) : [])];
  });

const ofPhase = (doc: SourceDocument): readonly NodeView[] => {
  const item: Item = { value: doc.value, where: top(doc) };
  const phase = idOf(item, 'phase_id');
  const lists = ['tasks', 'subtasks'].filter((key) => member(item, key).value !== undefined);
  if (lists.length === 0) return [{ id: phase, item, phase, around: [], holds: false }];
  return lists.flatMap((key) => nodeViews(member(item, key), phase, [item]));
};

/** In the order of the plan; none of other formats. */
export const nodesOf = (detected: Detected): readonly NodeView[] => {
  if (detected.format === 'phase') return detected.files.phases.flatMap(ofPhase);
  if (detected.format !== 'flowops') return [];
  const { main } = detected.files;
  const item: Item = { value: main.value, where: top(main) };
  return nodeViews(isRecord(main.value) ? member(item, 'tasks') : item, undefined, []);
};
