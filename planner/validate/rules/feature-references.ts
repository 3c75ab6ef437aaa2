/** TASKS1311: tasks belong to features that there are, every feature has tasks, and no id stands twice. */
import { quote } from '../../read/words.ts';
import type { Item } from '../item.ts';
import { member, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';
import { CODE, reference, twice, unknownNames } from './unknown-names.ts';

const named = (items: readonly Item[], key: string) =>
  items.flatMap((item) => {
    const each = member(item, key);
    const text = textOf(each);
    return text === undefined ? [] : [{ text, where: each.where }];
  });

export const featureReferences: Rule = {
  code: CODE,
  check: (view) => {
    if (!view.documents.has('features.json')) return [];
    const features = named(view.features, 'id');
    const known = new Set(features.map(({ text }) => text));
    const used = named(view.tasks, 'feature_id');
    const served = new Set(used.map(({ text }) => text));
    return [
      ...twice({ names: features, place: 'features.json' }),
      ...unknownNames({ names: used, known, kind: 'feature', place: 'a task' }),
      ...features.filter(({ text }) => !served.has(text)).map(({ text, where }) => reference(`no task serves the feature ${quote(text)}`, where, { severity: 'warning' })),
    ];
  },
};
