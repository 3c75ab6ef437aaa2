/** What the manifests of a Python project declare: pyproject.toml (PEP 621, 735, Poetry, uv, PDM), setup.cfg, Pipfile. */
import { parse, TomlError } from 'smol-toml';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { parseRequirement, parseRequirements } from './requirement.ts';
import type { Requirement } from './requirement.ts';

export interface PythonManifest {
  readonly name?: string;
  readonly requirements: readonly Requirement[];
  /** Directories that modules are imported from, relative to that of the manifest. */
  readonly roots: readonly string[];
  /** It makes its directory a project, and does not just configure tools. */
  readonly isProject: boolean;
}

const at = (value: unknown, ...steps: readonly string[]): unknown =>
  steps.reduce<unknown>((inner, step) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, step) ? (inner as Readonly<Record<string, unknown>>)[step] : undefined), value);
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []);
const entries = (value: unknown): readonly (readonly [string, unknown])[] => (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : []);
const parsed = (lines: readonly string[]): readonly Requirement[] => lines.flatMap((line) => parseRequirement(line) ?? []);
const textAt = (value: unknown, ...steps: readonly string[]): string | undefined => {
  const found = at(value, ...steps);
  return typeof found === 'string' ? found : undefined;
};

const parseToml = (path: string, text: string): Result<unknown> => {
  try {
    return ok(parse(text.replace(/^\uFEFF/, '')));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const problem: Problem = { code: 'TASKS5003', message: `not valid TOML: ${error.message.split('\n')[0]?.replace(/^Invalid TOML document: /, '') ?? ''}`, place: { file: path, line: error.line, column: error.column } };
    return fail([problem]);
  }
};

/** Poetry's and Pipenv's tables: names as keys. `python` is the interpreter. */
const keyed = (table: unknown): readonly Requirement[] =>
  entries(table)
    .filter(([name]) => name !== 'python')
    .map(([name, value]) => ({ name, text: typeof value === 'string' && /^[<>=!~]/.test(value) ? `${name}${value}` : name }));

export const parsePyproject = (path: string, text: string): Result<PythonManifest> => {
  const toml = parseToml(path, text);
  if (!toml.ok) return toml;
  const { value } = toml;
  const groups = [at(value, 'dependency-groups'), at(value, 'project', 'optional-dependencies'), at(value, 'tool', 'pdm', 'dev-dependencies')];
  const poetry = at(value, 'tool', 'poetry');
  const name = textAt(value, 'project', 'name') ?? textAt(poetry, 'name');
  return ok({
    ...(name !== undefined && { name }),
    requirements: [
      ...parsed(texts(at(value, 'project', 'dependencies'))),
      ...groups.flatMap((group) => entries(group).flatMap(([, list]) => parsed(texts(list)))),
      ...parsed(texts(at(value, 'tool', 'uv', 'dev-dependencies'))),
      ...parsed(texts(at(value, 'build-system', 'requires'))),
      ...keyed(at(poetry, 'dependencies')),
      ...keyed(at(poetry, 'dev-dependencies')),
      ...entries(at(poetry, 'group')).flatMap(([, group]) => keyed(at(group, 'dependencies'))),
    ],
    roots: [
      ...texts(at(value, 'tool', 'setuptools', 'packages', 'find', 'where')),
      ...texts(at(value, 'tool', 'pytest', 'ini_options', 'pythonpath')),
      ...[textAt(value, 'tool', 'setuptools', 'package-dir', '')].filter((root) => root !== undefined),
      ...(Array.isArray(at(poetry, 'packages')) ? (at(poetry, 'packages') as readonly unknown[]) : []).flatMap((entry) => textAt(entry, 'from') ?? []),
    ],
    isProject: at(value, 'project') !== undefined || poetry !== undefined || at(value, 'dependency-groups') !== undefined,
  });
};

export const parsePipfile = (path: string, text: string): Result<PythonManifest> => {
  const toml = parseToml(path, text);
  if (!toml.ok) return toml;
  return ok({ requirements: [...keyed(at(toml.value, 'packages')), ...keyed(at(toml.value, 'dev-packages'))], roots: [], isProject: true });
};

/** `[section]`, then `key = value` with indented lines that go on. */
export const parseSetupCfg = (text: string): PythonManifest => {
  const values = new Map<string, string[]>();
  let section = '';
  let lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const header = /^\[([^\]]+)\]/.exec(line)?.[1];
    const [, key, rest = ''] = /^([\w.-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (header !== undefined) section = header.trim();
    else if (key !== undefined) {
      lines = [rest];
      values.set(`${section}.${key}`, lines);
    } else if (/^\s/.test(line)) lines.push(line.trim());
  }
  const listed = [...values].filter(([key]) => /^(?:options\.(?:install_requires|setup_requires|tests_require)|options\.extras_require\.)/.test(key));
  const name = values.get('metadata.name')?.[0];
  return {
    ...(name !== undefined && name !== '' && { name }),
    requirements: listed.flatMap(([, list]) => parseRequirements(list.join('\n'))),
    roots: (values.get('options.packages.find.where') ?? []).filter((root) => root !== ''),
    isProject: values.has('metadata.name') || listed.length > 0,
  };
};
