/** The files of a v3 directory that executing it does not read, and the document that it was made of. */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Problem } from '../../model/problem.ts';
import { TasksError } from '../../model/problem.ts';
import { ARTIFACT_NAMES, COVERAGE_NAME, META_NAME } from '../artifacts/bundle.ts';
import { sha256 } from '../artifacts/content-hash.ts';
import { hasFences, splitFences } from '../read/fences.ts';
import type { PlanInput } from '../read/input.ts';
import { parseJson } from '../read/parse-json.ts';
import { byteLimit, listFiles, readText } from '../read/read-bytes.ts';
import { isRecord } from '../read/read-task.ts';
import type { ParsedPlan, PlanSource } from '../read/read-plan.ts';
import type { SourceDocument } from '../read/source.ts';
import type { FoundDocument, PlanFiles } from './view.ts';

/** Bytes of a document. */
const MAX_DOCUMENT = 4 * 1024 * 1024;
const NAMES: readonly string[] = [...ARTIFACT_NAMES, COVERAGE_NAME, META_NAME];
/** One of them beside `tasks.json` makes a directory one that a planner wrote. */
const MARKS = ['features.json', 'dag.json', META_NAME] as const;

export interface ReadArtifacts extends PlanFiles {
  /** The texts that the documents were parsed from. */
  readonly sources: ReadonlyMap<string, string>;
  /** What could not be read or parsed. */
  readonly problems: readonly Problem[];
}

interface Text {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

/** The directory that a plan lies in. */
export const homeOf = ({ path, files }: PlanInput): string | undefined => (path === undefined ? undefined : files.some(({ file }) => resolve(file) === path) ? dirname(path) : path);

const fromDirectory = async (directory: string, shown: string): Promise<{ readonly texts: readonly Text[]; readonly problems: readonly Problem[] }> => {
  const listed = await listFiles(directory);
  if (!listed.ok) return { texts: [], problems: listed.error };
  const read = await Promise.all(NAMES.filter((name) => listed.value.includes(name)).map(async (name) => ({ name, file: join(shown, name), text: await readText(join(directory, name), byteLimit(name)) })));
  return {
    texts: read.flatMap(({ name, file, text }) => (text.ok ? [{ name, file, text: text.value }] : [])),
    problems: read.flatMap(({ text }) => (text.ok ? [] : text.error)),
  };
};

/** Of texts that were found. Undefined where no planner wrote them: structure is all that such a plan is held to. */
export const artifactsOf = ({ input, documents: parsed, detected }: ParsedPlan, found: readonly Text[], options: { readonly directory?: string | undefined; readonly problems?: readonly Problem[] } = {}): ReadArtifacts | undefined => {
  if (detected.format !== 'tasks.v3' || !found.some(({ name }) => MARKS.some((mark) => mark === name))) return undefined;
  const documents = new Map<string, SourceDocument>();
  const problems: Problem[] = [...(options.problems ?? [])];
  for (const text of found) {
    if (!text.name.endsWith('.json')) continue;
    const known = parsed.get(text.name)?.[0];
    const result = known ? { ok: true as const, value: known } : parseJson(text);
    if (result.ok) documents.set(text.name, result.value);
    else problems.push(...result.error);
  }
  const texts = new Map(found.filter(({ name }) => name.endsWith('.md')).map(({ name, text }) => [name, text]));
  return { label: input.label, directory: options.directory, documents, texts, sources: new Map(found.map(({ name, text }) => [name, text])), problems };
};

/** As {@link artifactsOf}, of the plan's directory, or of what stands between fences. */
export const readArtifacts = async (parsed: ParsedPlan, source: PlanSource): Promise<ReadArtifacts | undefined> => {
  const { input, detected } = parsed;
  if (detected.format !== 'tasks.v3') return undefined;
  const home = homeOf(input);
  if (home === undefined) {
    const fenced = 'stdin' in source && hasFences(source.stdin) ? splitFences(source.stdin).map((file) => ({ ...file, file: `${file.name} (${input.label})` })) : [];
    return artifactsOf(parsed, fenced.filter(({ name }) => NAMES.includes(name)));
  }
  const directory = home === input.path ? input.label : dirname(input.label);
  const { texts, problems } = await fromDirectory(home, directory);
  return artifactsOf(parsed, texts, { directory, problems });
};

/** A name and nothing else: no way to another directory. */
const isPlainName = (name: string): boolean => name !== '' && name.length <= 255 && name !== '.' && name !== '..' && !/[/\\\0:]/.test(name) && basename(name) === name;

const statedOf = (documents: PlanFiles['documents']): { readonly name?: string; readonly hash?: string } => {
  const meta = documents.get(META_NAME)?.value;
  const stated = isRecord(meta) && isRecord(meta['document']) ? meta['document'] : {};
  return { ...(typeof stated['name'] === 'string' && { name: stated['name'] }), ...(typeof stated['hash'] === 'string' && { hash: stated['hash'] }) };
};

/**
 * The document that was named; else one of the name that meta states, in the plan's directory, the one above, or the code base,
 * whose hash is the stated one. The name comes from a file that anybody may have written: it is never taken for a path.
 *
 * @throws TasksError TASKS1602 when the document that was named cannot be read.
 */
export const findDocument = async (options: { readonly files: PlanFiles; readonly home?: string | undefined; readonly codebase?: string | undefined; readonly named?: string | undefined }): Promise<FoundDocument | undefined> => {
  const { files, home, codebase, named } = options;
  const { name, hash } = statedOf(files.documents);
  if (named !== undefined) {
    const read = await readText(named, MAX_DOCUMENT);
    if (!read.ok) throw new TasksError(read.error.map((problem) => ({ ...problem, code: 'TASKS1602' as const, hint: 'Name the specification that the plan was made of with --document.' })));
    return { file: named, text: read.value, ...(hash !== undefined && { isTheOne: sha256(read.value) === hash }) };
  }
  if (name === undefined || hash === undefined || home === undefined || !isPlainName(name)) return undefined;
  for (const directory of new Set([home, dirname(home), ...(codebase === undefined ? [] : [codebase])])) {
    const file = join(directory, name);
    // A pipe of that name would be waited for.
    if (!(await stat(file).then((found) => found.isFile() && found.size <= MAX_DOCUMENT, () => false))) continue;
    const read = await readText(file, MAX_DOCUMENT);
    if (read.ok && sha256(read.value) === hash) return { file, text: read.value, isTheOne: true };
  }
  return undefined;
};
