/** TASKS1310: what a hash stands for has not been changed since. */
import { META_NAME } from '../../artifacts/bundle.ts';
import { fileHash, sha256, taskHash } from '../../artifacts/content-hash.ts';
import { planHashOf } from '../../artifacts/plan-hash.ts';
import { isRecord } from '../../read/read-task.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, entries, member, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';

const CODE = 'TASKS1310';
const HINT = 'If the change is wanted: `tasks validate-plan PLAN --write-hashes` makes the hashes anew.';

/** A hash that is there and is another one; one that is missing is the schema's to say. */
const compared = (item: Item, actual: string | undefined, what: string): readonly Finding[] => {
  const stated = textOf(item);
  if (actual === undefined) return [findingAt({ code: CODE, message: `${what} holds what has no hash: half a character, or a number beyond all bounds`, where: item.where })];
  return stated === undefined || stated === actual ? [] : [findingAt({ code: CODE, message: `${what} was changed since its hash was made`, where: item.where, hint: HINT })];
};

/** Undefined for what canonical JSON cannot carry: halves of characters, and numbers that are infinite once read. */
const hashOf = <T>(value: T, hash: (value: T) => string): string | undefined => {
  try {
    return hash(value);
  } catch {
    return undefined;
  }
};

const ofFiles = ({ documents, file }: V3View): readonly Finding[] =>
  [...documents].flatMap(([name, { value }]) => (isRecord(value) ? compared(at(file(name), 'generated', 'contentHash'), hashOf(value, fileHash), name) : []));

const ofTasks = ({ tasks }: V3View): readonly Finding[] =>
  tasks.flatMap((task) => (isRecord(task.value) ? compared(member(task, 'contentHash'), hashOf(task.value, taskHash), `task ${quote(textOf(member(task, 'id')) ?? '')}`) : []));

/** As it is now, by whatever it states of itself; undefined of a file that is not there. */
export const currentHash = ({ documents, texts }: Pick<V3View, 'documents' | 'texts'>, name: string): string | undefined => {
  const text = texts.get(name);
  if (text !== undefined) return sha256(text);
  const value = documents.get(name)?.value;
  return isRecord(value) ? hashOf(value, fileHash) : undefined;
};

const ofMeta = (view: V3View): readonly Finding[] => {
  const meta = view.file(META_NAME);
  const files = member(meta, 'files');
  const listed = entries(files).flatMap(([name, item]) => {
    const actual = currentHash(view, name);
    if (!view.texts.has(name) && !view.documents.has(name)) return [findingAt({ code: CODE, message: `${META_NAME} has a hash of ${quote(name)}, which is not there`, where: item.where, hint: HINT })];
    return actual === undefined ? [] : compared(item, actual, name);
  });
  // Of files whose hashes are of no kind the schema speaks.
  const hashes = entries(files).flatMap(([name, item]) => (typeof item.value === 'string' ? [[name, item.value] as const] : []));
  return [...listed, ...(isRecord(files.value) ? compared(member(meta, 'planHash'), hashOf(Object.fromEntries(hashes), planHashOf), 'the list of files') : [])];
};

export const hashes: Rule = { code: CODE, check: (view) => [...ofFiles(view), ...ofTasks(view), ...ofMeta(view)] };
