/** What somebody must be able to do to take a task, by the words of it. A closed table: capabilities that workers announce. */
import type { TaskKind } from './task-draft.ts';

const ROWS: readonly (readonly [string, RegExp])[] = [
  ['frontend', /\b(?:front-?end|react|vue|angular|svelte|css|html|ui|ux|pages?|screens?|dashboards?|forms?|buttons?|components?|browser|responsive)\b/i],
  ['database', /\b(?:databases?|sql|postgres\w*|mysql|mongo\w*|sqlite|redis|schemas?|migrations?|persist\w*|tables?|queries)\b/i],
  ['devops', /\b(?:deploy\w*|ci\/?cd|pipelines?|docker\w*|kubernetes|k8s|terraform|hosting|infrastructure|monitoring|releases?)\b/i],
  ['security', /\b(?:security|auth\w*|oauth\d?|jwt|encrypt\w*|permissions?|passwords?|secrets?|csrf|xss)\b/i],
  ['backend', /\b(?:back-?end|apis?|servers?|endpoints?|services?|rest|graphql|webhooks?|workers?|queues?|cli|commands?)\b/i],
];

const OF_KIND: Readonly<Partial<Record<TaskKind, string>>> = { verification: 'testing', integration: 'testing', documentation: 'documentation' };

/** Sorted as in the table; `backend` where nothing else is said of code. */
export const skillsOf = (kind: TaskKind, text: string): readonly string[] => {
  const own = OF_KIND[kind];
  if (own !== undefined) return [own];
  const found = ROWS.filter(([, pattern]) => pattern.test(text)).map(([skill]) => skill);
  return found.length > 0 ? found : ['backend'];
};
