/** Which source files there are, and who reads them. */
import type { Ecosystem } from '../census.ts';

const JAVASCRIPT = /\.[cm]?[jt]sx?$/;
const MINIFIED = /[.-]min\.[cm]?js$/;
const PYTHON = /\.pyi?$/;

/** Whose sources a file belongs to; undefined for what holds no imports that are read. */
export const ecosystemOf = (path: string): Ecosystem | undefined => {
  if (PYTHON.test(path)) return 'python';
  return JAVASCRIPT.test(path) && !MINIFIED.test(path) ? 'npm' : undefined;
};

export const isDeclaration = (path: string): boolean => /\.d\.(?:[^./]+\.)?[cm]?ts$/.test(path);

/** A path without the ending that an import may leave out or change: `a/b.d.ts`, `a/b.js` and `a/b` are one. */
export const stemOf = (path: string): string => path.replace(/(?:\.d)?\.[cm]?[jt]sx?$|\.pyi?$/, '');
