/** Paths within a project: relative to its root, with slashes, `.` being the root itself. */
import { posix, sep } from 'node:path';

export const slashed = (path: string): string => (sep === '/' ? path : path.split(sep).join('/'));

export const joined = (directory: string, path: string): string => {
  const full = posix.normalize(posix.join(directory, path));
  return full.length > 1 && full.endsWith('/') ? full.slice(0, -1) : full;
};

export const directoryOf = (path: string): string => posix.dirname(path);

/** The directory itself, and those above it up to the root. */
export function* upwards(directory: string): Generator<string> {
  for (let at = directory; ; at = posix.dirname(at)) {
    yield at;
    if (at === '.') return;
  }
}

export const isInside = (path: string, directory: string): boolean => directory === '.' || path === directory || path.startsWith(`${directory}/`);

/** Whether a relative path stays in its project, and is one at all. */
export const staysInside = (path: string): boolean => !/^(?:[/\\]|[A-Za-z]:)/.test(path) && !path.includes('\0') && !path.split(/[/\\]/).includes('..');
