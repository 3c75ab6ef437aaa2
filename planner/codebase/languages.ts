/** Which grammar reads a file, by its name. */
import type { Language } from './analysis.ts';

const BY_ENDING: ReadonlyMap<string, Language> = new Map([
  ['ts', 'typescript'],
  ['mts', 'typescript'],
  ['cts', 'typescript'],
  ['tsx', 'tsx'],
  ['js', 'javascript'],
  ['jsx', 'javascript'],
  ['mjs', 'javascript'],
  ['cjs', 'javascript'],
  ['py', 'python'],
  ['pyi', 'python'],
  ['go', 'go'],
  ['java', 'java'],
  ['rs', 'rust'],
  ['rb', 'ruby'],
  ['rake', 'ruby'],
  ['html', 'html'],
  ['htm', 'html'],
  ['css', 'css'],
]);
const MINIFIED = /[.-]min\.(?:[cm]?js|css)$/;

/** Undefined for what holds no symbols that are read. */
export const languageOf = (path: string): Language | undefined => {
  const ending = /\.([a-z]+)$/.exec(path)?.[1];
  return ending === undefined || MINIFIED.test(path) ? undefined : BY_ENDING.get(ending);
};
