/** TASKS1311: entries of `resource_conflicts` and `shared_resource` are of tasks and resources that there are. */
import { at, entries, member, textOf, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { CODE, unknownNames } from './unknown-names.ts';

/** Declared, or asked for by some task, or files that tasks write. */
const resourcesOf = (view: V3View): ReadonlySet<string> => {
  const main = view.file('tasks.json');
  return new Set([
    ...entries(at(main, 'meta', 'codebase_analysis', 'shared_resources')).map(([name]) => name),
    ...entries(member(main, 'resource_conflicts')).map(([name]) => name),
    ...view.tasks.flatMap((task) => [
      ...texts(at(task, 'resource_requirements', 'estimated', 'exclusive_resources')).map(({ text }) => text),
      ...entries(at(task, 'resource_requirements', 'estimated', 'shared_resources')).map(([name]) => name),
      ...texts(at(task, 'files_scope', 'writes')).map(({ text }) => text),
      ...texts(at(task, 'boundaries', 'scope', 'includes')).map(({ text }) => text),
    ]),
  ]);
};

export const conflictReferences: Rule = {
  code: CODE,
  check: (view) => {
    const conflicts = entries(member(view.file('tasks.json'), 'resource_conflicts'));
    const names = conflicts.flatMap(([, entry]) => ['tasks', 'suggested_order'].flatMap((key) => texts(member(entry, key))));
    const shared = view.dependencies.flatMap((edge) => {
      const item = member(edge, 'shared_resource');
      const text = textOf(item);
      return text === undefined ? [] : [{ text, where: item.where }];
    });
    return [
      ...unknownNames({ names, known: view.graph.index, kind: 'task', place: 'a resource conflict' }),
      ...unknownNames({ names: shared, known: resourcesOf(view), kind: 'resource', place: 'a dependency', severity: 'warning' }),
    ];
  },
};
