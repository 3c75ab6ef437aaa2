/** For each feature: whether what there is was extended, or something new is built, and what else was considered. */
import type { ReuseChoice } from '../prose/prose-input.ts';
import type { FeatureDraft } from './extract-features.ts';
import { EXTENDS, SAVED } from './reuse.ts';
import type { Reuse } from './reuse.ts';
import type { NamedDraft } from './task-draft.ts';

const tenth = (hours: number): number => Math.round(hours * 10) / 10;

export const reuseChoices = (features: readonly FeatureDraft[], tasks: readonly NamedDraft[], reuse: Reuse): readonly ReuseChoice[] =>
  features.flatMap((draft): readonly ReuseChoice[] => {
    const own = tasks.filter(({ feature, kind }) => feature === draft && kind === 'implementation');
    const candidates = reuse.candidates([draft.feature.title, ...draft.units.map(({ text }) => text)].join('\n'));
    if (own.length === 0) return [];
    const hours = own.reduce((total, task) => total + task.hours, 0);
    const extending = own.filter((task) => task.extends.length > 0);
    const extended = extending.reduce((total, task) => total + task.hours, 0);
    const best = candidates[0];
    const isExtended = extending.length > 0;
    // Of what is extended the saving would be lost; of what is built it could be had only where something were alike enough.
    const otherwise = isExtended ? hours - extended + extended / (1 - SAVED) : best ? hours * (1 - SAVED * best.likeness) : hours;
    return [
      {
        feature: draft.feature.id,
        tasks: own.map(({ id }) => id),
        chosen: isExtended ? 'extend' : 'build',
        candidates,
        reason: reasonOf(isExtended ? extending.flatMap((task) => task.extends) : undefined, best),
        hours: { chosen: tenth(hours), otherwise: tenth(otherwise) },
      },
    ];
  });

const reasonOf = (extended: readonly string[] | undefined, best: ReuseChoice['candidates'][number] | undefined): string => {
  if (extended) return `${[...new Set(extended)].join(', ')} ${new Set(extended).size === 1 ? 'does' : 'do'} part of it already.`;
  if (!best) return 'The code base has nothing whose name is like it.';
  if (best.likeness >= EXTENDS) return `${best.name} (${best.file}) has a like name, but no single task of the feature is about it.`;
  return `${best.name} (${best.file}) comes nearest and shares ${Math.round(best.likeness * 100)} % of its name: less than the ${EXTENDS * 100} % from which something is extended.`;
};
