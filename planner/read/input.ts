/** From a path or from standard input to the texts a plan is made of. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { BESIDE_NAMES, MAIN_NAMES, RESOURCES_NAME } from './detect.ts';
import { hasFences, splitFences } from './fences.ts';
import { MAX_FILES, MAX_JSON_BYTES } from './limits.ts';
import type { SourceText } from './parse-json.ts';
import { byteLimit, isYamlName, kindOf, listFiles, readText, tooLarge } from './read-bytes.ts';
import { quote } from './words.ts';

export interface PlanInput {
  /** What people call it, in messages. */
  readonly label: string;
  /** What the plan is called unless it says so itself. */
  readonly name: string;
  /** Absolute path of the directory or file; undefined for text. */
  readonly path?: string;
  readonly files: readonly SourceText[];
  readonly warnings: readonly Problem[];
}

/** Files that belong to a plan file of a known name. */
const SIBLINGS: ReadonlyMap<string, readonly string[]> = new Map([
  ['tasks.v2.json', ['flowops.config.json', 'resources.json']],
  ['tasks.json', ['coordinator.json', 'waves.json', 'flowops.config.json', 'resources.json']],
  ['coordinator.json', ['resources.json']],
]);

const readAll = async (directory: string, names: readonly string[]): Promise<Result<readonly SourceText[]>> => {
  const files: SourceText[] = [];
  const problems: Problem[] = [];
  for (const name of names) {
    const file = join(directory, name);
    const text = await readText(file, byteLimit(name));
    if (text.ok) files.push({ file, name, text: text.value });
    else problems.push(...text.error);
  }
  return problems.length > 0 ? fail(problems) : ok(files);
};

const ignored = (file: string): Problem => ({
  code: 'TASKS1005',
  message: `${quote(file)} holds no phase_id and is not part of the plan`,
  place: { file },
});

/** A directory without a file of a known name: its YAML files, and those JSON files that speak of phases. */
const readProject = async (path: string, names: readonly string[]): Promise<Result<Pick<PlanInput, 'files' | 'warnings'>>> => {
  const candidates = names.filter((name) => isYamlName(name) || name.endsWith('.json'));
  if (candidates.length > MAX_FILES) {
    const message = `${quote(path)} holds more than ${MAX_FILES} YAML and JSON files`;
    return fail([{ code: 'TASKS1003', message, place: { file: path } }]);
  }
  const read = await readAll(path, candidates);
  if (!read.ok) return read;
  const isPhase = ({ text }: SourceText): boolean => text.includes('phase_id');
  const files = read.value.filter((file) => isPhase(file) || file.name === RESOURCES_NAME);
  const others = read.value.filter((file) => !isPhase(file) && isYamlName(file.name));
  return ok({ files, warnings: files.length > 0 ? others.map((file) => ignored(file.file)) : [] });
};

const readDirectory = async (path: string): Promise<Result<Pick<PlanInput, 'files' | 'warnings'>>> => {
  const listed = await listFiles(path);
  if (!listed.ok) return listed;
  const names = new Set(listed.value);
  const mains = MAIN_NAMES.filter((name) => names.has(name));
  if (mains.length === 0) return readProject(path, listed.value);
  const read = await readAll(path, [...mains, ...BESIDE_NAMES.filter((name) => names.has(name))]);
  if (!read.ok) return read;
  const both = mains.includes('tasks.v2.json') && mains.includes('tasks.json');
  const message = 'tasks.v2.json and tasks.json are both here: tasks.v2.json is read';
  return ok({ files: read.value, warnings: both ? [{ code: 'TASKS1005', message, place: { file: path } }] : [] });
};

const readFiles = async (path: string): Promise<Result<Pick<PlanInput, 'files' | 'warnings'>>> => {
  const directory = dirname(path);
  const name = basename(path);
  const main = await readText(path, byteLimit(name));
  if (!main.ok) return main;
  const file: SourceText = { file: path, name, text: main.value };
  const wanted = SIBLINGS.get(name) ?? [];
  const listed = wanted.length > 0 ? await listFiles(directory) : ok([]);
  const beside = listed.ok ? wanted.filter((sibling) => listed.value.includes(sibling)) : [];
  const read = await readAll(directory, beside);
  return read.ok ? ok({ files: [file, ...read.value], warnings: [] }) : read;
};

/** A plan file of a known name is called after its directory: `plans/<project>/tasks.v2.json`. */
const nameOf = (path: string, isDirectory: boolean): string => {
  const absolute = resolve(path);
  if (isDirectory) return basename(absolute) || 'plan';
  const name = basename(absolute);
  const known = (MAIN_NAMES as readonly string[]).includes(name);
  return known ? basename(dirname(absolute)) || 'plan' : name.replace(/\.(?:json|ya?ml)$/i, '');
};

export const inputFromPath = async (path: string): Promise<Result<PlanInput>> => {
  const kind = await kindOf(path);
  if (!kind.ok) return kind;
  const isDirectory = kind.value === 'directory';
  const read = isDirectory ? await readDirectory(path) : await readFiles(path);
  return read.ok ? ok({ label: path, name: nameOf(path, isDirectory), path: resolve(path), ...read.value }) : read;
};

const STDIN = 'standard input';

const looksLikePath = (text: string): boolean => {
  const line = text.trim();
  return line !== '' && !line.includes('\n') && !/^[[{"]/.test(line) && !/:(?:\s|$)/.test(line);
};

/** A path, a plan between `---file:` fences, or the text of one plan file. */
export const inputFromText = async (text: string): Promise<Result<PlanInput>> => {
  if (Buffer.byteLength(text) > MAX_JSON_BYTES) return fail([tooLarge(STDIN, MAX_JSON_BYTES)]);
  if (text.trim() === '') {
    return fail([{ code: 'TASKS1005', message: 'standard input is empty', hint: 'Pipe a plan, or the path of one, into it.' }]);
  }
  if (looksLikePath(text)) return inputFromPath(text.trim());
  const base = { label: STDIN, name: 'plan', warnings: [] };
  if (!hasFences(text)) return ok({ ...base, files: [{ file: STDIN, name: 'stdin', text }] });
  const files = splitFences(text).map((file) => ({ file: `${file.name} (${STDIN})`, ...file }));
  const twice = files.find((file, at) => files.findIndex((other) => other.name === file.name) !== at);
  if (twice) {
    return fail([{ code: 'TASKS1004', message: `the file ${quote(twice.name)} stands twice`, place: { file: STDIN } }]);
  }
  return ok({ ...base, files: files.filter((file) => /\.(?:json|ya?ml)$/i.test(file.name)) });
};
