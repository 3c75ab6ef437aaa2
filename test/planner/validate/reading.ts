/** Changes one thing of a valid plan, and says what is found. */
import { filesOf, inDirectory, makeBundle, documentOf } from '../support/bundle.ts';
import type { BundleOptions, TaskLine } from '../support/bundle.ts';
import type { Finding } from '../../../planner/validate/finding.ts';
import { validatePlan, withNewHashes } from '../../../planner/validate/validate-plan.ts';
import type { Validation } from '../../../planner/validate/validate-plan.ts';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const LINES: readonly TaskLine[] = [{ id: 'A' }, { id: 'B', after: ['A'] }, { id: 'C', after: ['A'] }, { id: 'D', after: ['B', 'C'] }];

export interface Change {
  readonly lines?: readonly TaskLine[];
  readonly options?: BundleOptions;
  /** By file, then by JSON pointer: what stands there; undefined takes it away. */
  readonly edit?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly remove?: readonly string[];
  readonly text?: Readonly<Record<string, string>>;
  /** Hashes stay as they were. */
  readonly keepHashes?: true;
  readonly document?: string | null;
}

const put = (value: unknown, path: readonly string[], wanted: unknown): void => {
  const [last = ''] = path.slice(-1);
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value) as Record<string, unknown>;
  if (wanted === undefined) delete holder[last];
  else holder[last] = wanted;
};

/** All that is found; hashes are made anew after the change, so that it alone is seen. */
export const validated = async ({ lines = LINES, options, edit = {}, remove = [], text = {}, keepHashes, document }: Change = {}): Promise<Validation> => {
  const files = filesOf(makeBundle(lines, options));
  for (const name of remove) files.delete(name);
  for (const [name, changes] of Object.entries(edit)) {
    const value: unknown = JSON.parse(files.get(name) ?? 'null');
    for (const [pointer, wanted] of Object.entries(changes)) put(value, pointer.split('/').slice(1), wanted);
    files.set(name, JSON.stringify(value, undefined, 2));
  }
  for (const [name, each] of Object.entries(text)) files.set(name, each);
  await using plan = await inDirectory(files, document === null ? undefined : (document ?? options?.text ?? documentOf(lines)));
  const source = { path: plan.directory };
  if (!keepHashes) for (const { name, text: each } of await withNewHashes(source)) await writeFile(join(plan.directory, name), each);
  return await validatePlan({ source });
};

export const brief = ({ findings }: Validation): readonly string[] => findings.map(({ code, severity, file = '', pointer = '' }: Finding) => `${severity === 'warning' ? '(' : ''}${code} ${file}${pointer}${severity === 'warning' ? ')' : ''}`);
