/** Features of a draft: each cites something that is there, no two are one. */
import type { DraftFeature } from '../draft.schema.ts';
import { contentWords } from '../../wording/content-words.ts';
import { named } from './findings.ts';
import type { HeldFeature } from './held.ts';
import { plainText } from './plain-text.ts';
import { citedBy } from './view.ts';
import type { View } from './view.ts';

export interface CheckedFeatures {
  readonly features: readonly HeldFeature[];
  /** By the drafter's id, the feature that it is part of: of merged ones another one. */
  readonly homes: ReadonlyMap<string, string>;
}

/** Those that cite nothing are held for now: their tasks may. */
export const checkFeatures = (drafted: readonly DraftFeature[], view: View): CheckedFeatures => {
  const features = new Map<string, HeldFeature>();
  const homes = new Map<string, string>();
  const byTitle = new Map<string, string>();
  for (const draft of drafted) {
    const id = plainText(draft.id, 40);
    const title = plainText(draft.title, 80).replace(/[.:\s]+$/, '');
    const where = named('feature', id, title);
    if (id === '' || title === '') {
      view.findings.add('dropped', where, 'it has no id or no title');
      continue;
    }
    if (homes.has(id)) {
      view.findings.add('dropped', where, 'another feature has its id');
      continue;
    }
    const cited = citedBy(view, where, draft);
    const words = [...new Set(contentWords(title))].sort().join(' ') || title.toLowerCase();
    const same = byTitle.get(words);
    const first = same === undefined ? undefined : features.get(same);
    if (first) {
      view.findings.add('merged', where, `it is ${first.id} once more`);
      homes.set(id, first.id);
      features.set(first.id, { ...first, units: [...new Set([...first.units, ...cited.units])].sort((a, b) => a.start - b.start), evidence: [...first.evidence, ...cited.evidence] });
      continue;
    }
    byTitle.set(words, id);
    homes.set(id, id);
    features.set(id, { id, title, description: plainText(draft.description, 240), priority: draft.priority, ...cited });
  }
  return { features: [...features.values()], homes };
};
