/** The drafter that options ask for, with its cache around it. */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { secretValues } from '../../model/secret-names.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';
import type { Context } from '../cli/context.ts';
import { DEFAULT_DRAFTER_TIMEOUT, DRAFTER_OPTIONS } from '../cli/drafter-options.ts';
import type { DrafterName } from '../cli/drafter-options.ts';
import { usageError } from '../cli/errors.ts';
import { ANTHROPIC_KEY, ANTHROPIC_URL, anthropicDrafter } from './anthropic.ts';
import { isAt, isLocal } from './address.ts';
import { cachedDrafter } from './cache.ts';
import { commandDrafter } from './command.ts';
import { OPENAI_KEY, OPENAI_URL, openAiCompatibleDrafter } from './openai-compatible.ts';

export interface ChosenDrafter {
  readonly drafter: Drafter;
  /** Values of the environment that must not be in a request. */
  readonly secrets: readonly string[];
  /** Only what was answered before counts: a plan that is not the drafter's is none. */
  readonly isReplay: boolean;
}

type Given = Pick<Context, 'values' | 'environment' | 'cwd'>;

const OF_HTTP = ['drafter-model', 'drafter-url'] as const;
const OF_COMMAND = ['drafter-command', 'drafter-secret'] as const;
/** What decides which program runs, and where documents and keys go: nothing that comes with a code base may. */
const NOT_OF_PROJECTS = ['drafter', 'drafter-url', 'drafter-command', 'drafter-secret', 'drafter-cache'] as const;

/** Undefined without `--drafter`. `isFresh` asks even where there is an answer. @throws TasksError TASKS3010 for options that do not fit each other. */
export const chooseDrafter = (given: Given, { isFresh = false }: { readonly isFresh?: boolean } = {}): ChosenDrafter | undefined => {
  const { values, environment, cwd } = given;
  for (const name of NOT_OF_PROJECTS) {
    if (values.source(name) === 'project file') throw usageError(`--${name} stands in the project's file: what comes with a code base does not decide who is asked`, 'give it as an option, as a variable, or in your own file');
  }
  const name = values.text('drafter') as DrafterName | undefined;
  if (name === undefined) {
    const stray = DRAFTER_OPTIONS.find((option) => option.name !== 'drafter' && values.source(option.name) === 'flag');
    if (stray) throw usageError(`--${stray.name} without --drafter`, 'add --drafter, or leave it out');
    return undefined;
  }
  const stray = (name === 'command' ? OF_HTTP : OF_COMMAND).find((option) => values.source(option) === 'flag');
  if (stray !== undefined) throw usageError(`--${stray} is not for --drafter ${name}`, 'leave it out');
  const directory = values.text('drafter-cache');
  const isOnly = values.flag('drafter-cache-only');
  return {
    drafter: cachedDrafter({ drafter: made(name, given, isOnly), directory: directory === undefined ? join(envPaths('tasks', { suffix: '' }).cache, 'drafts') : resolve(cwd, directory), isOnly, isFresh }),
    secrets: secretValues({ environment, marked: [ANTHROPIC_KEY, OPENAI_KEY] }),
    isReplay: isOnly,
  };
};

const made = (name: DrafterName, { values, environment, cwd }: Given, isReplay: boolean): Drafter => {
  const timeoutMs = (values.number('drafter-timeout') ?? DEFAULT_DRAFTER_TIMEOUT) * 1_000;
  if (name === 'command') {
    const command = values.text('drafter-command');
    if (command === undefined) throw usageError('--drafter command needs --drafter-command', 'name the program that drafts');
    return commandDrafter({ command, cwd, environment, secrets: values.list('drafter-secret'), timeoutMs });
  }
  const model = values.text('drafter-model');
  if (model === undefined) throw usageError(`--drafter ${name} needs --drafter-model`, 'which model is asked decides what a plan costs: it is not guessed');
  const { usual, keyName, make } = name === 'anthropic' ? ANTHROPIC : OPENAI;
  const url = urlOf(values.text('drafter-url') ?? usual);
  const key = environment[keyName]?.trim() || undefined;
  if (!isReplay && key === undefined && isAt(url, usual)) throw usageError(`--drafter ${name} needs a key in ${keyName}`, `set ${keyName}; a key is taken from the environment only`);
  if (!isReplay && key !== undefined && url.protocol === 'http:' && !isLocal(url)) throw usageError(`--drafter-url ${url.origin}: a key does not go over http to another machine`, `use https, or unset ${keyName}`);
  if (key !== undefined && /[^\x21-\x7e]/.test(key)) throw usageError(`the key in ${keyName} has characters that no key has`);
  return make({ model, url, key, timeoutMs });
};

const ANTHROPIC = { usual: ANTHROPIC_URL, keyName: ANTHROPIC_KEY, make: anthropicDrafter } as const;
const OPENAI = { usual: OPENAI_URL, keyName: OPENAI_KEY, make: openAiCompatibleDrafter } as const;

const urlOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) throw usageError('--drafter-url must be an address that begins with https:// or http://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') throw usageError('--drafter-url holds a name, a password or a query', 'keys are taken from the environment only');
  return url;
};
