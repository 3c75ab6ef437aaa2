/** Reads `temporal-dev.yml`: one description of the development server, or one clear error with its line. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { LineCounter, isMap, isNode, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';
import { TasksError } from '../../model/problem.ts';
import type { Problem } from '../../model/problem.ts';
import { devConfigSchema } from './config.schema.ts';
import type { Port, WrittenDevConfig } from './config.schema.ts';
import { CONFIG_NAME, shippedConfig } from './paths.ts';
import type { Environment } from './paths.ts';

/** `memory`, or the absolute path of a file; `default` is resolved by whoever starts the server. */
export interface DevConfig {
  /** The file it was read from. */
  readonly source: string;
  readonly ip: string;
  readonly ports: { readonly grpc: Port; readonly ui: Port };
  readonly namespace: string;
  readonly retentionDays: number;
  readonly database: string;
  readonly pragmas: ReadonlyMap<string, string | number>;
  readonly dynamicConfig: ReadonlyMap<string, unknown>;
  readonly searchAttributes: ReadonlyMap<string, string>;
}

export interface LoadDevConfigOptions {
  /** Otherwise `TASKS_DEV_CONFIG`, else `temporal-dev.yml` in the current directory, else the one shipped. */
  readonly file?: string;
  readonly directory?: string;
  readonly env?: Environment;
}

const MAX_BYTES = 1024 * 1024;
const HINT = 'Mend the line, or delete the file: without one, the settings that come with tasks are used.';

/** @throws TasksError TASKS2004 with file, line and column: every problem of the file at once. */
export const loadDevConfig = async (options: LoadDevConfigOptions = {}): Promise<DevConfig> => {
  const file = await chosenFile(options);
  const text = await readText(file);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const at = placer({ file, text, lines });
  if (document.errors.length > 0) {
    throw new TasksError(document.errors.map((error) => at(error.pos, `${CONFIG_NAME} is not YAML: ${error.message}`)));
  }
  const parsed = devConfigSchema.safeParse(toValue(document, at));
  if (parsed.success) return resolved(parsed.data, file);
  throw new TasksError(
    parsed.error.issues.map((issue) => at(rangeOf(document, issue), `${issue.path.join('.') || 'the file'}: ${issue.message}`)),
  );
};

const chosenFile = async ({ file, directory = process.cwd(), env = process.env }: LoadDevConfigOptions): Promise<string> => {
  const named = file ?? env['TASKS_DEV_CONFIG'];
  if (named) return resolve(directory, named);
  const local = join(directory, CONFIG_NAME);
  const exists = await stat(local).then((found) => found.isFile(), () => false);
  return exists ? local : shippedConfig();
};

const readText = async (file: string): Promise<string> => {
  const problem = (why: string): Problem => ({ code: 'TASKS2004', message: `${file} cannot be read: ${why}.`, place: { file }, hint: HINT });
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new TasksError(problem(cause instanceof Error ? cause.message : String(cause)), { cause });
  });
  if (bytes.length > MAX_BYTES) throw new TasksError(problem(`it has more than ${MAX_BYTES} bytes`));
  return bytes.toString('utf8');
};

type At = (range: readonly [number, number], message: string) => Problem;

const placer =
  ({ file, text, lines }: { file: string; text: string; lines: LineCounter }): At =>
  ([from, to], message) => {
    const start = lines.linePos(Math.min(from, text.length));
    const line = text.split('\n')[start.line - 1] ?? '';
    const until = Math.min(start.col + Math.max(to - from, 1), line.length + 1);
    return {
      code: 'TASKS2004',
      message,
      place: { file, line: start.line, column: start.col },
      excerpt: { text: line, from: start.col, to: Math.max(until, start.col + 1) },
      hint: HINT,
    };
  };

/** Aliases that multiply themselves are refused by the library, as an exception. */
const toValue = (document: Document, at: At): unknown => {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    throw new TasksError(at([0, 1], `${CONFIG_NAME} is not usable: ${cause instanceof Error ? cause.message : String(cause)}`), { cause });
  }
};

/** The node an issue is about, or the nearest one around it when it is missing; unknown keys by their own place. */
const rangeOf = (document: Document, issue: z.core.$ZodIssue): readonly [number, number] => {
  if (issue.code === 'unrecognized_keys') return keyRange(document, issue.path, issue.keys[0]);
  if (issue.code === 'invalid_key') return keyRange(document, issue.path.slice(0, -1), String(issue.path.at(-1)));
  for (let depth = issue.path.length; depth > 0; depth -= 1) {
    const node: unknown = document.getIn(issue.path.slice(0, depth), true);
    if (isNode(node) && node.range) return [node.range[0], node.range[1]];
  }
  return [0, 1];
};

const keyRange = (document: Document, path: readonly PropertyKey[], key: string | undefined): readonly [number, number] => {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  return isNode(pair?.key) && pair.key.range ? [pair.key.range[0], pair.key.range[1]] : [0, 1];
};

const resolved = (written: WrittenDevConfig, source: string): DevConfig => ({
  source,
  ip: written.ip,
  ports: written.ports,
  namespace: written.namespace,
  retentionDays: written.retentionDays,
  database: ['default', 'memory'].includes(written.database.file)
    ? written.database.file
    : resolve(dirname(source), written.database.file),
  pragmas: new Map(Object.entries(written.database.pragmas)),
  dynamicConfig: new Map(Object.entries(written.dynamicConfig)),
  searchAttributes: new Map(Object.entries(written.searchAttributes)),
});
