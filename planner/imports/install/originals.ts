/** Files as they were before an install, to be put back byte for byte when it fails. */
import { readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';

export class Originals {
  readonly #files = new Map<string, Buffer | undefined>();

  /** Remembers a file; of one that is not there, that it is not. */
  async keep(path: string): Promise<void> {
    if (!this.#files.has(path)) this.#files.set(path, await readFile(path).catch(() => undefined));
  }

  /** Keeps the file, then writes it whole or not at all. */
  async write(path: string, text: string): Promise<void> {
    await this.keep(path);
    await replaceFile(path, text);
  }

  async putBack(): Promise<void> {
    for (const [path, bytes] of this.#files) {
      if (bytes === undefined) await rm(path, { force: true });
      else if (!bytes.equals(await readFile(path).catch(() => Buffer.alloc(0)))) await replaceFile(path, bytes);
    }
  }
}

/** A file that is a link stays one. */
const replaceFile = async (path: string, content: string | Buffer): Promise<void> => {
  const target = await realpath(path).catch(() => path);
  const mode = await stat(target).then((found) => found.mode, () => 0o644);
  const beside = `${target}.${process.pid}.tmp`;
  try {
    await writeFile(beside, content, { mode });
    await rename(beside, target);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
};
