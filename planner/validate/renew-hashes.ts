/** The hashes of a plan that was edited, made anew: of its tasks, its files, and the list of files. Nothing else of the text changes. */
import { META_NAME } from '../artifacts/bundle.ts';
import { fileHash, sha256, taskHash } from '../artifacts/content-hash.ts';
import { planHashOf } from '../artifacts/plan-hash.ts';
import { isRecord } from '../read/read-task.ts';
import type { Path, SourceDocument } from '../read/source.ts';
import type { PlanFiles } from './view.ts';

export interface RenewedFile {
  readonly name: string;
  readonly text: string;
}

type Members = Readonly<Record<string, unknown>>;

const put = (value: Members, key: string, inner: unknown): Members => ({ ...value, [key]: inner });

const withTaskHashes = (value: Members): Members =>
  Array.isArray(value['tasks']) ? put(value, 'tasks', value['tasks'].map((task: unknown) => (isRecord(task) ? put(task, 'contentHash', taskHash(task)) : task))) : value;

const withFileHash = (value: Members): Members => {
  const { generated } = value;
  return isRecord(generated) ? put(value, 'generated', put(generated, 'contentHash', fileHash(value))) : value;
};

const withList = (meta: Members, current: ReadonlyMap<string, string>): Members => {
  const files = Object.fromEntries([...current].sort(([a], [b]) => (a < b ? -1 : 1)));
  return { ...meta, files, planHash: planHashOf(files) };
};

/** Texts that differ, with the paths at which they do; undefined where they differ in more than texts. */
const differences = (before: unknown, after: unknown, path: Path): readonly { readonly path: Path; readonly text: string }[] | undefined => {
  if (before === after) return [];
  if (typeof before === 'string' && typeof after === 'string') return [{ path, text: after }];
  const [keys, others] = [before, after].map((each) => (typeof each === 'object' && each !== null ? Object.keys(each) : undefined));
  if (!keys || !others || keys.length !== others.length || keys.some((key) => !Object.hasOwn(after as object, key))) return undefined;
  const found: { path: Path; text: string }[] = [];
  for (const key of keys) {
    const inner = differences((before as Members)[key], (after as Members)[key], [...path, Array.isArray(before) ? Number(key) : key]);
    if (!inner) return undefined;
    found.push(...inner);
  }
  return found;
};

/** In place where only hashes that are there change, so that a file keeps the form that people gave it; else written whole. */
const textOf = (doc: SourceDocument, after: Members, text: string): string => {
  const changes = differences(doc.value, after, []);
  if (!changes) return `${JSON.stringify(after, undefined, 2)}\n`;
  const spans = changes.map(({ path, text: hash }) => ({ ...doc.locate(path), text: JSON.stringify(hash) })).sort((a, b) => a.start - b.start);
  let at = 0;
  const parts = spans.flatMap((span) => {
    const before = text.slice(at, span.start);
    at = span.end;
    return [before, span.text];
  });
  return [...parts, text.slice(at)].join('');
};

/** Those files whose text changes. `sources` are the texts that the documents were parsed from. @throws Error for what canonical JSON cannot carry. */
export const renewedHashes = (files: PlanFiles, sources: ReadonlyMap<string, string>): readonly RenewedFile[] => {
  const renewed = new Map<string, Members>();
  for (const [name, { value }] of files.documents) {
    if (isRecord(value) && name !== META_NAME) renewed.set(name, withFileHash(name === 'tasks.json' ? withTaskHashes(value) : value));
  }
  const current = new Map<string, string>([...files.texts].map(([name, text]) => [name, sha256(text)]));
  for (const [name, value] of renewed) current.set(name, fileHash(value));
  const meta = files.documents.get(META_NAME)?.value;
  if (isRecord(meta)) renewed.set(META_NAME, withList(meta, current));
  return [...renewed].flatMap(([name, value]) => {
    const doc = files.documents.get(name);
    const source = sources.get(name);
    if (!doc || source === undefined) return [];
    const text = textOf(doc, value, source);
    return text === source ? [] : [{ name, text }];
  });
};
