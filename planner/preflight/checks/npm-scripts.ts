/** Scripts of `package.json` that commands run: `npm run build`, `npm -w apps/web test`. */
import { join } from 'node:path/posix';
import { didYouMean, quote } from '../../read/words.ts';
import type { Effects } from '../effects.ts';
import { isHarmless } from '../effects.ts';
import type { Finding } from '../finding.ts';
import { plainPath } from '../path-index.ts';
import { about } from '../survey.ts';
import type { SurveyedTask } from '../survey.ts';
import type { Reached } from './reached.ts';
import type { MissingScript } from './scripts.ts';

const manifestOf = ({ manifest, directory }: MissingScript): string => join(manifest?.directory ?? directory, 'package.json');

const textOf = (missing: MissingScript, { what, within }: Reached): string => {
  const who = within ? `the script ${quote(within.script)} of ${quote(join(within.manifest.directory, 'package.json'))}` : what;
  if (!missing.manifest) return `${who} runs the script ${quote(missing.script)}, and there is no package.json in ${quote(missing.directory)} or above`;
  if (missing.workspace !== undefined) return `${who} names the workspace ${quote(missing.workspace)}, which ${quote(manifestOf(missing))} does not have`;
  return `${who} runs the script ${quote(missing.script)}, which ${quote(manifestOf(missing))} does not have`;
};

const findingOf = (task: SurveyedTask, reached: Reached, missing: MissingScript, effects: Effects): Finding | undefined => {
  const file = plainPath(manifestOf(missing)) ?? 'package.json';
  const workspace = missing.workspace === undefined ? undefined : plainPath(join(missing.directory, missing.workspace));
  // Somebody before it says that it writes the manifest, or the whole package.
  if (effects.isWrittenBefore(task, file) || (workspace !== undefined && effects.isNamedBefore(task, workspace))) return undefined;
  const isUnchanged = reached.what === 'cmd' && reached.before.every(({ call }) => isHarmless(call)) && effects.isUntouchedBefore(task, file);
  const hint = missing.manifest && missing.workspace === undefined ? didYouMean(missing.script, missing.manifest.scripts.keys()) : undefined;
  return about(task, {
    code: 'TASKS1503',
    certainty: reached.decides && isUnchanged ? 'certain' : 'likely',
    message: `task ${quote(task.node.id)}: ${textOf(missing, reached)}`,
    ...(hint !== undefined && { hint }),
  });
};

export const checkScripts = (calls: ReadonlyMap<SurveyedTask, readonly Reached[]>, effects: Effects): readonly Finding[] =>
  [...calls].flatMap(([task, reached]) => {
    const found = reached.flatMap((each) => (each.lacks ? (findingOf(task, each, each.lacks, effects) ?? []) : []));
    // The more certain one of two that say the same.
    const byMessage = new Map(found.toSorted((a, b) => Number(a.certainty === 'certain') - Number(b.certainty === 'certain')).map((finding) => [finding.message, finding]));
    return [...byMessage.values()];
  });
