/** Paths and patterns that a draft names: inside the code base, and narrower than all of it. */
import { staysInside } from '../../read/inside.ts';
import { quote } from '../../read/words.ts';
import type { View } from './view.ts';

const MAX_LENGTH = 200;
const MAX_PATHS = 30;
/** What a plan has no business with. */
const OURS = /^(?:\.git|\.tasks)(?:\/|$)/;

const wrongWith = (path: string): string | undefined => {
  if (path.length > MAX_LENGTH || /[\p{Cc}\p{Cf}\s]/u.test(path)) return 'it is no path';
  if (!staysInside(path) || path.startsWith('!') || path.startsWith('~') || path.includes('\\')) return 'it leads out of the code base';
  if (OURS.test(path)) return 'no plan changes it';
  return /^[*?[{]/.test(path) ? 'it is as good as everything' : undefined;
};

/** A directory stands for what is in it. */
export const checkPaths = (view: View, where: string, paths: readonly string[]): readonly string[] => {
  const held = new Set<string>();
  for (const written of paths) {
    const path = written.trim().replace(/^(?:\.\/)+/, '');
    if (path === '') continue;
    const wrong = wrongWith(path);
    if (wrong !== undefined) view.findings.add('dropped', where, `the path ${quote(path)}: ${wrong}`);
    else held.add(path.endsWith('/') ? `${path}**` : path);
  }
  if (held.size > MAX_PATHS) view.findings.add('dropped', where, `more than ${MAX_PATHS} paths: the rest is left out`);
  return [...held].slice(0, MAX_PATHS);
};
