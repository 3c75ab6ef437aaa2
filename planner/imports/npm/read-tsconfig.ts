/** The aliases that the tsconfig and jsconfig files of a directory define, with what they extend. */
import { realpath } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { getNodeValue, parseTree } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import type { Problem } from '../../../model/problem.ts';
import { LineIndex } from '../../read/line-index.ts';
import { quote } from '../../read/words.ts';
import { slashed } from '../project/paths.ts';
import { readProjectFile } from '../project/read-file.ts';
import type { AliasPath, Aliases } from './aliases.ts';

const MAX_EXTENDS = 20;

interface Config {
  readonly path: string;
  readonly extends: readonly string[];
  readonly baseUrl?: string;
  readonly paths?: ReadonlyMap<string, readonly string[]>;
}

interface Effective {
  /** Absolute. */
  readonly baseUrl?: string;
  readonly paths: readonly AliasPath[];
}

/**
 * All of them together: which one a file is compiled with cannot be known without running the build. A file that
 * does not parse, or extends one that is not there, is a warning.
 *
 * @param files relative to the root
 */
export const readAliases = async (root: string, files: readonly string[]): Promise<{ readonly aliases: Aliases; readonly warnings: readonly Problem[] }> => {
  const warnings: Problem[] = [];
  const found: Effective[] = [];
  for (const file of files) found.push(await effective({ root, path: join(root, file), depth: 0, warn: (problem) => warnings.push(problem) }));
  const bases = new Set(found.flatMap(({ baseUrl }) => (baseUrl === undefined ? [] : [fromRoot(root, baseUrl)])));
  return { aliases: { bases: [...bases], paths: found.flatMap(({ paths }) => paths) }, warnings };
};

const fromRoot = (root: string, path: string): string => slashed(relative(root, path)) || '.';

interface Reading {
  readonly root: string;
  readonly path: string;
  readonly depth: number;
  readonly warn: (problem: Problem) => void;
}

const effective = async ({ root, path, depth, warn }: Reading): Promise<Effective> => {
  const config = await readConfig(path, warn);
  if (!config) return { paths: [] };
  let inherited: Effective = { paths: [] };
  for (const name of config.extends) {
    const parent = depth < MAX_EXTENDS ? await findExtended(path, name) : undefined;
    if (parent === undefined) {
      warn({ code: 'TASKS5003', message: `${quote(fromRoot(root, path))} extends ${quote(name)}, which cannot be found: its aliases are not known`, place: { file: path } });
    } else {
      const next = await effective({ root, path: parent, depth: depth + 1, warn });
      inherited = { ...inherited, ...next, paths: next.paths.length > 0 ? next.paths : inherited.paths };
    }
  }
  const baseUrl = config.baseUrl === undefined ? inherited.baseUrl : resolve(dirname(path), config.baseUrl);
  // Paths begin at baseUrl, or at the file that states them.
  const start = baseUrl ?? dirname(path);
  const own = config.paths && [...config.paths].map(([pattern, targets]) => ({ pattern, targets: targets.map((target) => fromRoot(root, resolve(start, target))) }));
  return { ...(baseUrl !== undefined && { baseUrl }), paths: own ?? inherited.paths };
};

const readConfig = async (path: string, warn: (problem: Problem) => void): Promise<Config | undefined> => {
  const text = await readProjectFile(path, path);
  if (!text.ok) warn(text.error);
  if (!text.ok || text.value === undefined) return undefined;
  const errors: ParseError[] = [];
  const tree = parseTree(text.value, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) {
    const lines = new LineIndex(text.value);
    warn({ code: 'TASKS5003', message: 'not valid JSON: the aliases after this are not known', place: { file: path, ...lines.position(error.offset) } });
  }
  const value: unknown = tree && getNodeValue(tree);
  const top = recordOf(value);
  const options = recordOf(top.get('compilerOptions'));
  const baseUrl = options.get('baseUrl');
  const paths = options.get('paths');
  return {
    path,
    extends: textsOf(top.get('extends')),
    ...(typeof baseUrl === 'string' && { baseUrl }),
    ...(paths !== undefined && { paths: new Map([...recordOf(paths)].map(([pattern, targets]) => [pattern, textsOf(targets)])) }),
  };
};

const recordOf = (value: unknown): ReadonlyMap<string, unknown> => new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
const textsOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string');

/** A file, with or without its ending, or a file of an installed package. */
const findExtended = async (path: string, name: string): Promise<string | undefined> => {
  const isPath = isAbsolute(name) || /^\.\.?(?:[/\\]|$)/.test(name);
  const start = resolve(dirname(path), name);
  const candidates = isPath ? [start, `${start}.json`, join(start, 'tsconfig.json')] : [name, `${name}.json`, `${name}/tsconfig.json`].flatMap((id) => installed(path, id));
  for (const candidate of candidates) {
    if (!candidate.endsWith('.json')) continue;
    const found = await realpath(candidate).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
};

const installed = (path: string, id: string): readonly string[] => {
  try {
    return [createRequire(path).resolve(id)];
  } catch {
    return [];
  }
};
