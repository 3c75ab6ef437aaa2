/** Files of the kernel: there or not, by kernel and container. */
import { readFile } from 'node:fs/promises';

/** Undefined when it cannot be read. */
export const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

/** Of a file whose lines are `name value`; undefined when there is no such line. */
export const fieldOf = (text: string, name: string): number | undefined => {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  const value = Number(line?.slice(name.length + 1));
  return line !== undefined && Number.isFinite(value) ? value : undefined;
};
