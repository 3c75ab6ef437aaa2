/** TASKS1304: at least half of the tasks have an estimate of three points. */
import { threePointSchema } from '../../artifacts/task.schema.ts';
import { placeOf } from '../../read/source.ts';
import { quote } from '../../read/words.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { member, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1304';
export const MIN_ESTIMATED = 0.5;
const SHOWN = 20;

export const isEstimated = (task: Item): boolean => threePointSchema.safeParse(member(task, 'duration').value).success;

export const estimates: Rule = {
  code: CODE,
  check: (view) => {
    const { tasks } = view;
    const without = tasks.filter((task) => !isEstimated(task));
    if (tasks.length === 0 || (tasks.length - without.length) / tasks.length >= MIN_ESTIMATED) return [];
    return [
      findingAt({
        code: CODE,
        message: `${tasks.length - without.length} of ${tasks.length} tasks have an estimate; at least half must`,
        where: member(view.file('tasks.json'), 'tasks').where,
        hint: '"duration": {"optimistic": 2, "mostLikely": 4, "pessimistic": 8}, each no less than the one before.',
        related: without.slice(0, SHOWN).map((task) => ({ message: `${quote(textOf(member(task, 'id')) ?? '')} has none`, place: placeOf(task.where) })),
      }),
    ];
  },
};
