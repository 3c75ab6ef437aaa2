/**
 * TASKS1311: every interface that a task consumes is produced by one task, which it comes after, or is known to the code base;
 * two tasks that produce the same one would each think it theirs.
 */
import { ancestorsOf } from '../../../scheduler/graph/ancestors.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { at, member, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { bareInterface, isInterface } from './interface-names.ts';
import { CODE, reference } from './unknown-names.ts';

interface Produced {
  readonly task: number;
  readonly name: string;
}

const producers = (view: V3View): { readonly byName: ReadonlyMap<string, readonly Produced[]>; readonly twice: readonly Finding[] } => {
  const byName = new Map<string, Produced[]>();
  const twice: Finding[] = [];
  for (const [task, item] of view.tasks.entries()) {
    for (const { text, where } of texts(member(item, 'interfaces_produced'))) {
      const bare = bareInterface(text);
      const others = byName.get(bare) ?? [];
      const first = others.find(({ name, task: other }) => other !== task && name === text);
      if (first) twice.push(reference(`${quote(text)} is produced by ${quote(view.graph.ids[task] ?? '')}, and by ${quote(view.graph.ids[first.task] ?? '')} before: an interface has one producer`, where, { hint: 'Let one of them produce it and the other one consume it.' }));
      byName.set(bare, [...others, { task, name: text }]);
    }
  }
  return { byName, twice };
};

/** What the code base offers, by the name without a version. */
const offered = (view: V3View): ReadonlySet<string> => {
  const found = at(view.file('tasks.json'), 'meta', 'codebase_analysis');
  return new Set(['existing_apis', 'reused_components', 'extension_points'].flatMap((key) => texts(member(found, key)).map(({ text }) => bareInterface(text))));
};

export const interfaces: Rule = {
  code: CODE,
  check: (view) => {
    const { byName, twice } = producers(view);
    const known = offered(view);
    const ancestors = ancestorsOf(view.graph.directed);
    const consumed = view.tasks.flatMap((item, task) => texts(member(item, 'interfaces_consumed')).map((each) => ({ ...each, task })));
    const wrong = consumed.flatMap(({ text, where, task }): readonly Finding[] => {
      const made = (byName.get(bareInterface(text)) ?? []).filter(({ name }) => isInterface(name, text));
      if (made.length === 0) return known.has(bareInterface(text)) ? [] : [reference(`task ${quote(view.graph.ids[task] ?? '')} consumes ${quote(text)}, which no task produces and the code base does not have`, where, { hint: 'Let a task produce it, or name what meta.codebase_analysis lists.' })];
      if (made.some((each) => each.task === task || ancestors.of(task).has(each.task)) || known.has(bareInterface(text))) return [];
      return [reference(`task ${quote(view.graph.ids[task] ?? '')} consumes ${quote(text)} and does not come after ${quote(view.graph.ids[made[0]?.task ?? -1] ?? '')}, which produces it`, where, { severity: 'warning', hint: 'Add the dependency, with "isHard": true.' })];
    });
    return [...twice, ...wrong];
  },
};
