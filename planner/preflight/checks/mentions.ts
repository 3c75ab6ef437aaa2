/** Whether a file that a task changes speaks of a path: `.gitignore` of `apps/web/dist`. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fixedPart, isPattern } from '../path-index.ts';

const MAX_BYTES = 64 * 1024;
/** Shorter names are in every text. */
const MIN_PATH = 3;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');

export class Mentions {
  readonly #workspace: string;
  readonly #texts = new Map<string, Promise<string>>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** `file` is a path of the plan, relative to the workspace. */
  async has(file: string, path: string): Promise<boolean> {
    const wanted = fixedPart(path);
    if (isPattern(file) || wanted.length < MIN_PATH) return false;
    const reading = this.#texts.get(file) ?? this.#read(file);
    this.#texts.set(file, reading);
    const text = await reading;
    return text.includes(wanted) && new RegExp(`(?:^|[^\\w.-])${escaped(wanted)}(?:$|[^\\w-])`, 'mu').test(text);
  }

  /** Empty for what is no small text file of the workspace. */
  async #read(file: string): Promise<string> {
    try {
      const top = await realpath(this.#workspace);
      const real = await realpath(join(top, file));
      const facts = await stat(real);
      return real.startsWith(top + sep) && facts.isFile() && facts.size <= MAX_BYTES ? await readFile(real, 'utf8') : '';
    } catch {
      return '';
    }
  }
}
