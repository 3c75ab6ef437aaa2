/** Whether a file that a task changes speaks of a path: `.gitignore` of `apps/web/dist`. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fixedPart, isPattern } from '../path-index.ts';

const MAX_BYTES = 64 * 1024;
/** Shorter names are in every text. */
const MIN_PATH = 3;

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');

/** What a file says. */
export class FileText {
  readonly #text: string;
  readonly #answers = new Map<string, boolean>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Searched once for each path, however many tasks have to do with it. */
  speaksOf(path: string): boolean {
    const known = this.#answers.get(path);
    if (known !== undefined) return known;
    const answer = this.#has(fixedPart(path));
    this.#answers.set(path, answer);
    return answer;
  }

  #has(wanted: string): boolean {
    if (wanted.length < MIN_PATH) return false;
    return this.#text.includes(wanted) && new RegExp(`(?:^|[^\\w.-])${escaped(wanted)}(?:$|[^\\w-])`, 'mu').test(this.#text);
  }
}

export class Mentions {
  readonly #workspace: string;
  readonly #texts = new Map<string, Promise<FileText | undefined>>();

  constructor(workspace: string) {
    this.#workspace = workspace;
  }

  /** Of paths of the plan, relative to the workspace, those that are files with a text. */
  async textsOf(files: readonly string[]): Promise<readonly FileText[]> {
    const texts = await Promise.all(files.filter((file) => !isPattern(file)).map((file) => this.#textOf(file)));
    return texts.filter((text) => text !== undefined);
  }

  #textOf(file: string): Promise<FileText | undefined> {
    const known = this.#texts.get(file);
    if (known) return known;
    const reading = this.#read(file).then((text) => (text === '' ? undefined : new FileText(text)));
    this.#texts.set(file, reading);
    return reading;
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
