/** What an attempt is told by files: the task, a prompt, whatever its specification brings, and where an answer goes. */
import { rm, writeFile } from 'node:fs/promises';
import type { AttemptInput } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import type { AttemptFiles } from '../command/attempt-files.ts';
import { promptText } from './prompt.ts';
import type { PreviousFailure } from './prompt.ts';

export interface BriefRequest {
  readonly input: AttemptInput;
  readonly spec: TaskSpec;
  readonly workspace: string;
  readonly files: AttemptFiles;
  readonly previous: PreviousFailure | undefined;
  readonly findings: readonly string[];
}

export interface Brief {
  /** Variables of ours that name the files. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Files of ours, beside the attempt's log: nobody else reads them. */
const MODE = 0o600;

/** The files of an earlier try of the same attempt are replaced, and its answer goes. */
export const brief = async ({ input, spec, workspace, files, previous, findings }: BriefRequest): Promise<Brief> => {
  const texts = Object.entries(spec.briefing ?? {});
  const answer = spec.answersPatch ? files.patch : undefined;
  const { execution, task, attempt } = input;
  const said = { execution, attempt, workspace, ...(spec.directory !== undefined && { directory: spec.directory }), task: { ...spec.fields, id: task }, ...(previous && { previous }), ...(findings.length > 0 && { findings }) };
  const named = texts.map(([variable], at) => [variable, files.told(`brief-${at + 1}`)] as const);
  await Promise.all([
    writeFile(files.task, JSON.stringify(said, undefined, 2), { mode: MODE }),
    writeFile(files.prompt, promptText({ spec, previous, findings, answer }), { mode: MODE }),
    ...texts.map(([, text], at) => writeFile(named[at]?.[1] ?? '', text, { mode: MODE })),
    ...(answer === undefined ? [] : [rm(answer, { force: true })]),
  ]);
  return {
    environment: {
      TASKS_TASK_FILE: files.task,
      TASKS_PROMPT_FILE: files.prompt,
      ...(spec.command !== undefined && { TASKS_COMMAND: spec.command }),
      ...Object.fromEntries(named),
      ...(answer !== undefined && { TASKS_PATCH_FILE: answer }),
    },
  };
};
