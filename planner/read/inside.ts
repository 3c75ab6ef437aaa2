/** Whether a path of a plan stays inside the workspace. Symbolic links are the worker's matter. */

/** Relative, without a step up, on every platform: `/` and `\` both separate. */
export const staysInside = (path: string): boolean => {
  const plain = path.startsWith('!') ? path.slice(1) : path;
  if (plain === '' || plain.includes('\0')) return false;
  if (/^(?:[/\\]|[A-Za-z]:)/.test(plain)) return false;
  return !plain.split(/[/\\]/).includes('..');
};
