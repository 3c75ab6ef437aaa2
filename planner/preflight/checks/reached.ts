/** Every call that a task comes to: those of its commands, and those of the package scripts that they run. */
import { join } from 'node:path/posix';
import type { Call, ShellCommand } from '../shell/shell-command.ts';
import { parseCommand } from '../shell/parse-command.ts';
import type { Survey, SurveyedTask, TaskCommand } from '../survey.ts';
import { isCommand } from '../survey.ts';
import type { FoundScript, MissingScript } from './scripts.ts';
import { Scripts } from './scripts.ts';
import { realCall } from './shell-words.ts';

const MAX_DEPTH = 4;

export interface Reached {
  readonly call: Call;
  readonly what: TaskCommand['what'];
  /** As of a call, with all that leads to it. */
  readonly decides: boolean;
  /** Calls of the same command that come before it, those of scripts among them. */
  readonly before: readonly Reached[];
  /** Relative to the plan's workspace; undefined where that cannot be told. */
  readonly directory: string | undefined;
  /** The script that it stands in: programs of its packages are at hand there. */
  readonly within?: FoundScript;
  /** The script that it should run. */
  readonly lacks?: MissingScript;
  /** It runs a script of which nothing can be told. */
  readonly isBlind?: true;
}

interface Way {
  readonly what: TaskCommand['what'];
  readonly shell: ShellCommand;
  readonly from: string;
  readonly decides: boolean;
  readonly before: readonly Reached[];
  readonly within?: FoundScript;
  readonly depth: number;
}

/** For each task that runs a command. What changes its path, or runs what is not here, leads to nothing. */
export const reachedCalls = async (survey: Survey): Promise<ReadonlyMap<SurveyedTask, readonly Reached[]>> => {
  const scripts = new Scripts(survey.workspace);
  const follow = async ({ what, shell, from, decides, before, within, depth }: Way): Promise<readonly Reached[]> => {
    if (shell.isOpaque || shell.changesPath) return [];
    const found: Reached[] = [];
    for (const each of shell.calls) {
      const call = realCall(each);
      if (!call) continue;
      const script = await scripts.of(call, from);
      const way = { what, decides: decides && call.decides, before: [...before, ...found] };
      const directory = call.directory === undefined ? undefined : join(from, call.directory);
      const inner = script?.kind === 'found' && depth < MAX_DEPTH ? parseCommand(script.text) : undefined;
      const isBlind = script?.kind === 'found' && (!inner || inner.isOpaque || inner.changesPath) ? true : undefined;
      found.push({ ...way, call, directory, ...(within && { within }), ...(script?.kind === 'missing' && { lacks: script }), ...(isBlind && { isBlind }) });
      if (script?.kind === 'found' && inner) found.push(...(await follow({ ...way, shell: inner, from: script.manifest.directory, within: script, depth: depth + 1 })));
    }
    return found;
  };
  const all = new Map<SurveyedTask, readonly Reached[]>();
  for (const task of survey.tasks.filter(isCommand)) {
    const ways = task.commands.flatMap(({ what, shell }): Way[] => (shell ? [{ what, shell, from: task.directory, decides: true, before: [], depth: 0 }] : []));
    const found: Reached[] = [];
    for (const way of ways) found.push(...(await follow(way)));
    all.set(task, found);
  }
  return all;
};
