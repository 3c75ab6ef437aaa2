/** What `tasks plan` is to plan: its description, or a document. */
import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import { TasksError } from '../../model/problem.ts';
import { MAX_DOCUMENT_BYTES } from '../../planner/document/read-document.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';

export interface PlanSource {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absolute path of a document on disk. */
  readonly path?: string;
}

const DESCRIPTION = 'description';
const STDIN = 'stdin';

/** @throws TasksError TASKS3010 for none or both, TASKS1602 and TASKS1603 for a document that cannot be read. */
export const readPlanSource = async ({ args, values, services, cwd }: Context): Promise<PlanSource> => {
  const description = args[0];
  const file = values.text('plan-doc');
  if (description !== undefined && file !== undefined) throw usageError('a description and --plan-doc were given: there is one thing to plan', 'leave out one of the two');
  if (file !== undefined && file !== '-') return readFileSource(resolve(cwd, file));
  if (description === undefined && file === undefined) throw usageError('there is nothing to plan', 'say what is to be built: tasks plan "Build a URL shortener", or name a document: tasks plan --plan-doc spec.md');
  const text = file === '-' ? await services.readStdin() : description;
  return { name: file === '-' ? STDIN : DESCRIPTION, bytes: new TextEncoder().encode(text) };
};

/** Pipes as well: what a file says of its size is not relied on. */
const readFileSource = async (path: string): Promise<PlanSource> => {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(path, { end: MAX_DOCUMENT_BYTES })) chunks.push(chunk as Buffer);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const message = code === 'ENOENT' ? `there is no document ${JSON.stringify(path)}` : `the document cannot be read: ${code === 'EISDIR' ? 'it is a directory' : code}`;
    throw new TasksError({ code: 'TASKS1602', message, place: { file: path }, hint: 'Name a Markdown or text file with --plan-doc.' }, { cause: error });
  }
  return { name: basename(path), bytes: Buffer.concat(chunks), path };
};
