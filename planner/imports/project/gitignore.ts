/** What `.gitignore` leaves out: each file speaks for its own directory and what lies below it. */
import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { slashed } from './paths.ts';

interface Rules {
  /** Absolute. */
  readonly directory: string;
  readonly rules: Ignore;
}

/** The files that count in a directory, the outermost first. */
export type GitIgnore = readonly Rules[];

/** Wildcards in one name. Each more of them multiplies the time that matching may take: whoever writes such a line gains nothing. */
const TOO_WILD = /(?:\*+[^*/]*){5}/;

/** Adds the file of a directory, if it has one. */
export const withDirectory = async (outer: GitIgnore, directory: string): Promise<GitIgnore> => {
  const text = await readFile(join(directory, '.gitignore'), 'utf8').catch(() => undefined);
  return text === undefined ? outer : [...outer, { directory, rules: ignore().add(text.split(/\r?\n/).filter((line) => !TOO_WILD.test(line))) }];
};

/** Those above a directory, up to the top of its repository; none outside of one, or when they leave it out as a whole. */
export const aboveDirectory = async (directory: string, isTop: (directory: string) => boolean): Promise<GitIgnore> => {
  const above: string[] = [];
  for (let at = directory; !isTop(at); at = dirname(at)) {
    if (dirname(at) === at) return [];
    above.unshift(dirname(at));
  }
  let rules: GitIgnore = [];
  for (const at of above) rules = await withDirectory(rules, at);
  return isIgnored(rules, directory, 'directory') ? [] : rules;
};

/** The innermost file that says anything about a path decides. */
export const isIgnored = (rules: GitIgnore, path: string, kind: 'file' | 'directory'): boolean => {
  for (const { directory, rules: own } of rules.toReversed()) {
    const inside = slashed(relative(directory, path));
    const { ignored, unignored } = own.test(kind === 'directory' ? `${inside}/` : inside);
    if (ignored || unignored) return ignored;
  }
  return false;
};
