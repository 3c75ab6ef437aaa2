/** The state file of the user's development server: how one `tasks` process finds what another started. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from './process-identity.ts';

const infoSchema = z.object({
  pid: z.int().positive(),
  /** Tells the process from a later one with the same id. */
  started: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  /** `host:port`, as `TEMPORAL_ADDRESS` takes it. */
  address: z.string(),
  namespace: z.string(),
  webUrl: z.string(),
  /** Absolute path; undefined when everything is in memory. */
  database: z.string().optional(),
  log: z.string(),
  binary: z.string(),
  /** Version of the server, such as `1.29.1`. */
  version: z.string(),
  /** The settings it was started with. */
  config: z.string(),
});

export type DevServerInfo = Readonly<z.infer<typeof infoSchema>>;

export const stateFile = (directory: string): string => join(directory, 'server.json');

/** Answers undefined when no server is recorded, or the recorded one is gone. */
export const readState = async (directory: string): Promise<DevServerInfo | undefined> => {
  const text = await readFile(stateFile(directory), 'utf8').catch(() => 'null');
  const parsed = infoSchema.safeParse(parseJson(text));
  return parsed.success && (await isAlive(parsed.data)) ? parsed.data : undefined;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const writeState = async (directory: string, info: DevServerInfo): Promise<void> => {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = stateFile(directory);
  await writeFile(`${file}.new`, `${JSON.stringify(info, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
};

export const removeState = (directory: string): Promise<void> => rm(stateFile(directory), { force: true });
