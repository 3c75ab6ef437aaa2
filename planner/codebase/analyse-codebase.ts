/**
 * What there is in a code base that a plan can build upon, or must take turns at. Nothing of it is run, and nothing
 * is written but the cache.
 *
 * @example
 * const analysis = await analyseCodebase({ path: '/src/shop' });
 * if (!analysis.ok) throw new TasksError(analysis.error);
 * console.log(analysis.value.extensionPoints);
 */
import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { slashed } from '../imports/project/paths.ts';
import { whyUnreadable } from '../imports/project/unreadable.ts';
import type { CodebaseAnalysis, FoundResource, Language } from './analysis.ts';
import { analyserVersion } from './cache/analyser-version.ts';
import { NO_CACHE, openCache } from './cache/open-cache.ts';
import { findCommands } from './commands/find-commands.ts';
import { readConfigs } from './configs/configs.ts';
import { findRoots } from './find-roots.ts';
import { gatherSymbols } from './gather-symbols.ts';
import { languageOf } from './languages.ts';
import { productOf } from './product.ts';
import { rankSymbols } from './rank-symbols.ts';
import { readSources } from './read-sources.ts';
import { findResources } from './resources/find-resources.ts';
import { NO_FACTS } from './source/source-facts.ts';
import { countUses } from './uses/count-uses.ts';
import { findModules } from './uses/find-modules.ts';
import type { SourceFile } from './uses/modules.ts';
import { walkCodebase } from './walk-codebase.ts';

export interface AnalysisProgress {
  /** Source files that have been read, of how many. */
  readonly done: number;
  readonly total: number;
}

export interface AnalyseRequest {
  /** The top directory; a relative path begins at the working directory. */
  readonly path: string;
  /** Where to keep what each file told, for the next time. Several code bases and processes may share one. */
  readonly cacheDirectory?: string;
  readonly onProgress?: (progress: AnalysisProgress) => void;
}

/**
 * The same tree gives the same answer, byte for byte, with a cache or without, wherever it lies. Directories that
 * cannot be read and files that cannot be parsed are listed in it and do no harm; links are not followed, and what
 * `.gitignore` leaves out is.
 *
 * @throws TasksError TASKS5006 when there is no parser.
 */
export const analyseCodebase = async ({ path, cacheDirectory, onProgress }: AnalyseRequest): Promise<Result<CodebaseAnalysis>> => {
  const root = resolve(path);
  const unreadable = await whyUnreadable(root);
  if (unreadable) return fail([{ ...unreadable, hint: 'Name the top directory of the code base with --codebase-path.' }]);
  const walked = await walkCodebase(root);
  if (!walked.ok) return walked;
  const { files, problems } = walked.value;
  const paths = files.filter((file) => languageOf(file) !== undefined);
  const cache = cacheDirectory === undefined ? NO_CACHE : await openCache(cacheDirectory, analyserVersion());
  onProgress?.({ done: 0, total: paths.length });
  const { facts, hashes } = await readSources({ root, files: paths, cache, onRead: (done) => onProgress?.({ done, total: paths.length }) });
  onProgress?.({ done: paths.length, total: paths.length });
  const configs = readConfigs(root, files);
  const sources = paths.flatMap((file): readonly SourceFile[] => {
    const language = languageOf(file);
    return language === undefined ? [] : [{ path: file, language, facts: facts.get(file) ?? NO_FACTS }];
  });
  const isProduct = productOf(files);
  const symbols = gatherSymbols(sources);
  const uses = countUses({ files: sources, resolverOf: await findModules({ root, files, sources, configs }), counts: isProduct });
  const resources = findResources({ files, configs, isProduct, facts: new Map(sources.map((source) => [source.path, source.facts])) });
  return ok({
    hash: hashOf(files, [hashes, configs.hashes]),
    languages: languagesOf(sources),
    files,
    symbols,
    ...rankSymbols({ symbols, sources, uses, isProduct, isSealed: migrationsOf(resources) }),
    resources,
    commands: findCommands(configs, files),
    ...findRoots({ sources: paths, symbols, isProduct }),
    unparsed: [...problems.map((problem) => directoryFault(root, problem)), ...sources.flatMap(sourceFault), ...configs.faults()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
  });
};

const migrationsOf = (resources: readonly FoundResource[]): ((path: string) => boolean) => {
  const patterns = resources.filter(({ name }) => name.startsWith('database_migrations')).flatMap(({ paths }) => paths);
  const directories = patterns.filter((pattern) => pattern.endsWith('/**')).map((pattern) => pattern.slice(0, -2));
  return (path) => directories.some((directory) => path.startsWith(directory));
};

/** Over paths and contents; of a file that was not read, its path alone. */
const hashOf = (files: readonly string[], hashes: readonly ReadonlyMap<string, string>[]): string => {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0${hashes.map((known) => known.get(file) ?? '').join('')}\n`);
  return hash.digest('hex');
};

const languagesOf = (sources: readonly SourceFile[]): CodebaseAnalysis['languages'] => {
  const counts = new Map<Language, number>();
  for (const { language } of sources) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].map(([language, count]) => ({ language, files: count })).sort((a, b) => b.files - a.files || (a.language < b.language ? -1 : 1));
};

const sourceFault = ({ path, facts: { fault } }: SourceFile): CodebaseAnalysis['unparsed'] => {
  if (!fault) return [];
  return [{ file: path, message: fault.line === undefined ? fault.message : `line ${String(fault.line)}: ${fault.message}` }];
};

/** Messages of the system name whole paths. */
const directoryFault = (root: string, { place }: Problem): CodebaseAnalysis['unparsed'][number] => ({ file: slashed(relative(root, place?.file ?? root)), message: 'the directory cannot be read' });
