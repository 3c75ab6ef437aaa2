/** What kind of work a task is, by its words: whether it gives things their shape, or tidies up after those that do. */
import type { SurveyedTask } from '../survey.ts';

export type Kind = 'structural' | 'follow-up';

const WORDS: ReadonlyMap<string, Kind> = new Map([
  ...['move', 'create', 'scaffold', 'migrate', 'rename', 'extract', 'split', 'merge', 'restructure', 'reorganize', 'reorganise', 'relocate', 'bootstrap', 'generate', 'init', 'initialize', 'initialise'].map((word) => [word, 'structural'] as const),
  ...['cleanup', 'clean', 'update', 'fix', 'tidy', 'prune', 'polish', 'refresh', 'config', 'configs', 'configure', 'configuration', 'docs', 'doc', 'document', 'documentation', 'readme', 'changelog', 'ignore', 'gitignore', 'dockerignore', 'npmignore', 'eslintignore'].map(
    (word) => [word, 'follow-up'] as const,
  ),
]);

/** `updateGitIgnore`, `update-git_ignore`: words. */
const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/u);

const firstKind = (text: string): Kind | undefined => {
  for (const word of wordsOf(text)) {
    const kind = WORDS.get(word);
    if (kind) return kind;
  }
  return undefined;
};

/** The title's first word that tells, else the id's, else a label's: "Create the docs" creates. */
export const kindOf = ({ node, spec }: SurveyedTask): Kind | undefined => firstKind(spec.title ?? '') ?? firstKind(node.id) ?? (node.labels ?? []).map(firstKind).find((kind) => kind !== undefined);
