/** A package.json: what it declares, and which of its own files it names. */
import { findNodeAtLocation, parseTree } from 'jsonc-parser';
import type { Problem, Result } from '../../../model/problem.ts';
import { fail, ok } from '../../../model/problem.ts';
import { findJsonFault } from '../../read/json-syntax.ts';
import { LineIndex } from '../../read/line-index.ts';
import { quote } from '../../read/words.ts';

export const SECTIONS = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Declaration {
  readonly range: string;
  readonly section: Section;
}

export interface NpmManifest {
  /** Absolute. */
  readonly path: string;
  readonly name?: string;
  readonly version?: string;
  readonly declared: ReadonlyMap<string, Declaration>;
  /** Hosts that provide a module of their own name, such as `vscode`. */
  readonly engines: ReadonlySet<string>;
  readonly workspaces: readonly string[];
  readonly packageManager?: string;
  /** Texts in it that may be paths of its own files: entries, exports, scripts. */
  readonly mentions: readonly string[];
}

type JsonObject = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every mistake at once, each with its line. */
export const parseNpmManifest = (path: string, source: string): Result<NpmManifest> => {
  const text = source.startsWith('\uFEFF') ? ` ${source.slice(1)}` : source;
  const lines = new LineIndex(text);
  const problem = (start: number, end: number, message: string): Problem => ({ code: 'TASKS5003', message, place: { file: path, ...lines.position(start) }, excerpt: lines.excerpt({ start, end }) });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fault = findJsonFault(text) ?? { start: 0, end: 1, message: 'this is not JSON' };
    return fail([problem(fault.start, fault.end, `not valid JSON: ${fault.message}`)]);
  }
  if (!isObject(value)) return fail([problem(0, 1, 'a manifest is an object')]);
  const problems: Problem[] = [];
  const wrong = (steps: readonly string[], message: string): void => {
    const tree = parseTree(text);
    const node = tree && findNodeAtLocation(tree, [...steps]);
    const start = node?.offset ?? 0;
    problems.push(problem(start, start + (node?.length ?? 1), message));
  };
  const manifest = readManifest(path, value, wrong);
  return problems.length > 0 ? fail(problems) : ok(manifest);
};

const readManifest = (path: string, value: JsonObject, wrong: (steps: readonly string[], message: string) => void): NpmManifest => {
  const declared = new Map<string, Declaration>();
  // What stands in several sections has the range of the first.
  for (const section of SECTIONS) {
    const entries = value[section];
    if (entries === undefined) continue;
    if (!isObject(entries)) wrong([section], `${section} must be an object of ranges`);
    else {
      for (const [name, range] of Object.entries(entries)) {
        if (typeof range !== 'string') wrong([section, name], `the range of ${quote(name)} must be a text`);
        else if (!declared.has(name)) declared.set(name, { range, section });
      }
    }
  }
  const texts = (key: string): { readonly [field: string]: string } => (typeof value[key] === 'string' ? { [key]: value[key] } : {});
  return {
    path,
    ...texts('name'),
    ...texts('version'),
    ...texts('packageManager'),
    declared,
    engines: new Set(isObject(value['engines']) ? Object.keys(value['engines']) : []),
    workspaces: workspacesOf(value['workspaces']),
    mentions: ['main', 'module', 'browser', 'types', 'typings', 'bin', 'exports', 'imports', 'files', 'scripts', 'jest', 'sideEffects'].flatMap((key) => textsIn(value[key])),
  };
};

const workspacesOf = (value: unknown): readonly string[] => {
  const list = isObject(value) ? value['packages'] : value;
  return Array.isArray(list) ? list.filter((item) => typeof item === 'string') : [];
};

/** Nested no deeper than conditions of `exports` ever are. */
const textsIn = (value: unknown, depth = 0): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 8) return [];
  return Object.values(value).flatMap((inner) => textsIn(inner, depth + 1));
};

/** Whether a directory's package.json makes it a package, and does not just say how Node reads its files. */
export const isPackage = ({ name, declared, workspaces }: NpmManifest): boolean => name !== undefined || declared.size > 0 || workspaces.length > 0;
