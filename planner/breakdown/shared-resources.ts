/** What tasks must take turns at: what the code base has, and what a document speaks of although there is no code yet. */
import { globsIntersect } from '../../resources/globs.ts';
import type { SharedResource } from '../artifacts/tasks.schema.ts';
import type { FoundResource } from '../codebase/analysis.ts';
import type { TaskDraft } from './task-draft.ts';

/** Where nobody has written any of it: the plan makes it, and whoever does takes turns. */
const SPOKEN_OF: readonly { readonly name: string; readonly words: RegExp; readonly resource: SharedResource }[] = [
  {
    name: 'database_migrations',
    words: /\b(?:schema migrations?|database migrations?|migrations? (?:scripts?|files?|tool)|db schema|alter table)\b/i,
    resource: { type: 'exclusive', location: 'migrations/', constraint: 'sequential_only', reason: 'Migrations are numbered and applied one after the other' },
  },
  {
    name: 'deployment_pipeline',
    words: /\b(?:deploy(?:s|ed|ment|ments)?(?: pipeline)?|roll ?out|release pipeline)\b/i,
    resource: { type: 'exclusive', location: 'deployment', constraint: 'one_at_a_time', reason: 'There is one place to deploy to' },
  },
];

export interface TaskResources {
  readonly exclusive: readonly string[];
  readonly shared: Readonly<Record<string, number>>;
}

export interface ResourcesOfTasks {
  /** By name, sorted: those that some task needs, and all that the code base has. */
  readonly resources: Readonly<Record<string, SharedResource>>;
  readonly of: (draft: TaskDraft) => TaskResources;
}

export const findTaskResources = (found: readonly FoundResource[], drafts: readonly TaskDraft[]): ResourcesOfTasks => {
  const known = new Set(found.map(({ name }) => name));
  const spoken = SPOKEN_OF.filter(({ name, words }) => !known.has(name) && drafts.some((draft) => isWork(draft) && words.test(textOf(draft))));
  const resources = [...found.map(({ name, resource }) => [name, resource] as const), ...spoken.map(({ name, resource }) => [name, resource] as const)];
  return {
    resources: Object.fromEntries(resources.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))),
    of: (draft) => {
      const text = textOf(draft);
      const needed = [
        ...found.filter((each) => isWork(draft) && (each.words.some((word) => saysWord(text, word)) || each.paths.some((path) => draft.writes.some((own) => globsIntersect(own, path))))),
        ...(isWork(draft) ? spoken.filter(({ words }) => words.test(text)) : []),
      ];
      const shared = needed.flatMap(({ name, resource }) => (resource.type === 'shared_limited' ? [[name, 1] as const] : []));
      return { exclusive: needed.flatMap(({ name, resource }) => (resource.type === 'exclusive' ? [name] : [])).sort(), shared: Object.fromEntries(shared) };
    },
  };
};

/** Whoever writes about a thing, or says what it will be, does not do it. */
const isWork = ({ kind }: TaskDraft): boolean => kind === 'implementation' || kind === 'quality';
const textOf = ({ title, units }: TaskDraft): string => [title, ...units.map(({ text }) => text)].join('\n');

const saysWord = (text: string, word: string): boolean => {
  const wanted = word.toLowerCase();
  const all = text.toLowerCase();
  for (let at = all.indexOf(wanted); at !== -1; at = all.indexOf(wanted, at + 1)) {
    if (!/\w/.test(all[at - 1] ?? ' ') && !/\w/.test(all[at + wanted.length] ?? ' ')) return true;
  }
  return false;
};
