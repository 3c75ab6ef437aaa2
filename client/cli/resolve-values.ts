/** Lays the sources of options over each other: flag, environment, project file, user file, default. */
import { closest, distance } from 'fastest-levenshtein';
import type { CommandSpec, OptionSpec } from './command-spec.ts';
import { environmentName } from './command-spec.ts';
import { commonOptionsOf } from './common-options.ts';
import type { ConfigFile } from './config-file.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { parseOptionValue } from './option-value.ts';
import { Values } from './values.ts';
import type { SourcedValue } from './values.ts';

/** Flags as they were typed, by long name; a switch has the value `true`. */
export type Flags = ReadonlyMap<string, readonly string[]>;

export interface Sources {
  readonly command: CommandSpec;
  readonly flags: Flags;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly files: readonly ConfigFile[];
}

export const optionsOf = (command: CommandSpec): readonly OptionSpec[] => [...command.options, ...commonOptionsOf(command)];

export const resolveValues = (sources: Sources): Result<Values> => {
  const values = new Map<string, SourcedValue>();
  const problems: Problem[] = [...unknownKeys(sources)];
  const flags = new Map(sources.flags);
  for (const option of optionsOf(sources.command)) {
    if (option.sets && flags.has(option.name)) flags.set(option.sets.option, [option.sets.value]);
  }
  for (const option of optionsOf(sources.command)) {
    if (option.sets) continue;
    const found = find(option, { ...sources, flags });
    if (!found) {
      if (option.default !== undefined) values.set(option.name, { value: option.default, source: 'default' });
      continue;
    }
    const parsed = parseOptionValue(option, found.text, found.where);
    if (parsed.ok) values.set(option.name, { value: parsed.value, source: found.source });
    else problems.push(parsed.error);
  }
  return problems.length > 0 ? fail(problems) : ok(new Values(values));
};

interface Found {
  readonly text: readonly string[];
  readonly where: string;
  readonly source: SourcedValue['source'];
}

const find = (option: OptionSpec, sources: Sources): Found | undefined => {
  const flag = sources.flags.get(option.name);
  if (flag) return { text: flag, where: `--${option.name}`, source: 'flag' };
  const variable = environmentName(option);
  const set = variable === undefined ? undefined : sources.environment[variable];
  if (variable !== undefined && set !== undefined && set !== '') return { text: [set], where: variable, source: 'environment' };
  for (const file of sources.files) {
    const own = file.values.get(sources.command.name);
    const inCommand = own && typeof own === 'object' ? new Map<string, unknown>(Object.entries(own)).get(option.name) : undefined;
    const value = inCommand ?? file.values.get(option.name);
    if (value !== undefined) {
      const text = (Array.isArray(value) ? value : [value]).map((part: unknown) => (typeof part === 'string' ? part : JSON.stringify(part)));
      return { text, where: `${file.path}: ${option.name}`, source: file.source };
    }
  }
  return undefined;
};

/** Keys under the command's own name that it does not take: a typing error must not pass in silence. */
function* unknownKeys({ command, files }: Sources): Generator<Problem> {
  const names = optionsOf(command).map((option) => option.name);
  for (const file of files) {
    const own = file.values.get(command.name);
    if (!own || typeof own !== 'object') continue;
    for (const key of Object.keys(own)) {
      if (names.includes(key)) continue;
      const near = closest(key, names);
      const hint = distance(key, near) <= 3 ? { hint: `did you mean ${near}?` } : {};
      yield { code: 'TASKS3010', message: `\`tasks ${command.name}\` has no option ${JSON.stringify(key)}`, place: { file: file.path }, ...hint };
    }
  }
}
