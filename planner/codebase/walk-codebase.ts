/** The files of a code base that git would keep, without what is built, installed or somebody else's. */
import type { Result } from '../../model/problem.ts';
import { walkFiles } from '../imports/project/walk-files.ts';
import type { WalkedFiles } from '../imports/project/walk-files.ts';
import { languageOf } from './languages.ts';
import { MAX_DIRECTORIES, MAX_FILES, MAX_SOURCES } from './limits.ts';

const LEFT_OUT = new Set(['.terraform', '.gradle', '.bundle', '.serverless', '.dart_tool', 'Pods', 'DerivedData', '.vercel', '.netlify', '.angular', '.stryker-tmp']);
/** Directories that are somebody else's, or built, only where such a file lies beside them. */
const BESIDE: ReadonlyMap<string, readonly string[]> = new Map([
  ['target', ['Cargo.toml', 'pom.xml']],
  ['vendor', ['go.mod', 'composer.json', 'Gemfile']],
  ['out', ['package.json']],
]);

export const walkCodebase = (root: string): Promise<Result<WalkedFiles>> =>
  walkFiles({
    root,
    keeps: () => true,
    counts: (path) => languageOf(path) !== undefined,
    counted: 'source files',
    limits: { counted: MAX_SOURCES, files: MAX_FILES, directories: MAX_DIRECTORIES },
    leavesOut: (name, beside) => LEFT_OUT.has(name) || (BESIDE.get(name)?.some((file) => beside.has(file)) ?? false),
  });
