/** Requirements as pip and pyproject.toml have them: `requests[socks]>=2.31; python_version < "3.12"`. */
import { normalized } from './distributions.ts';

export interface Requirement {
  /** As written. */
  readonly name: string;
  /** The whole of it, without comments. */
  readonly text: string;
}

const NAME = /^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?=$|[[(<>=!~;@,\s])/;

/** A name that package indexes take: nothing else reaches a command line or a file. */
export const isDistributionName = (name: string): boolean => /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9])?$/.test(name);

export const parseRequirement = (text: string): Requirement | undefined => {
  const trimmed = text.trim();
  // `git+https://…#egg=name`
  const egg = /[#&]egg=([A-Za-z0-9._-]+)/.exec(trimmed)?.[1];
  if (egg !== undefined) return { name: egg, text: trimmed };
  if (/^[a-z+]+:\/\//i.test(trimmed)) return undefined;
  const name = NAME.exec(trimmed)?.[1];
  return name === undefined ? undefined : { name, text: trimmed };
};

/** The lines of a requirements file: options are passed over, `-r` and `-c` are files of their own. */
export const parseRequirements = (text: string): readonly Requirement[] =>
  text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .map((line) => line.replace(/^(?:-e|--editable)[ =]/, '').replace(/\s--?[a-z][\w-]*[ =].*$/, ''))
    .filter((line) => line !== '' && !line.startsWith('-'))
    .flatMap((line) => parseRequirement(line) ?? []);

/** By the name that indexes compare; the first that stands for it counts. */
export const byName = (requirements: Iterable<Requirement>): ReadonlyMap<string, Requirement> => {
  const map = new Map<string, Requirement>();
  for (const requirement of requirements) {
    const key = normalized(requirement.name);
    if (!map.has(key)) map.set(key, requirement);
  }
  return map;
};
