/** Appends a line of JSON to the file that an alert of a plan names, inside the workspace and nowhere else. */
import { appendFile, lstat, mkdir, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AlertLine, AppendAlertRequest } from '../model/activity.ts';
import { confine } from '../store/confine.ts';

/** Of the end of the file, in which a line that is there already is looked for. */
const LOOK_BACK = 64 * 1024;

const endOf = async (path: string): Promise<string> => {
  const file = await open(path, 'r').catch(() => undefined);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, LOOK_BACK);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    await file.close();
  }
};

/** As an earlier try left it, should it have been lost afterwards; half a line is none. */
const isThere = (end: string, { id }: AlertLine): boolean => end.split('\n').slice(0, -1).some((line) => line.startsWith(`{"id":${JSON.stringify(id)},`) && line.endsWith('}'));

/** A pipe or a device would never answer. */
const isWritable = async (path: string): Promise<boolean> => {
  const found = await lstat(path).catch(() => undefined);
  return found === undefined || found.isFile();
};

/** Tried again it appends nothing twice. Why it cannot be written is an answer, not a failure: trying again would not help. */
export const appendAlert = async ({ workspace, file, line }: AppendAlertRequest): Promise<{ readonly problem?: string }> => {
  try {
    const place = await confine({ workspace: await realpath(workspace), path: file });
    if (!place.inside) return { problem: place.message };
    if (!(await isWritable(place.path))) return { problem: `${JSON.stringify(file)} is no file` };
    await mkdir(dirname(place.path), { recursive: true });
    const end = await endOf(place.path);
    const torn = end !== '' && !end.endsWith('\n');
    if (!isThere(end, line)) await appendFile(place.path, `${torn ? '\n' : ''}${JSON.stringify(line)}\n`);
    return {};
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};
