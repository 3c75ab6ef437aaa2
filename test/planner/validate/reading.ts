/** Changes one thing of a valid plan, and says what is found. In memory: `valid.test.ts` and the commands read directories. */
import { sha256 } from '../../../planner/artifacts/content-hash.ts';
import { parsePlan } from '../../../planner/read/read-plan.ts';
import { artifactsOf } from '../../../planner/validate/read-artifacts.ts';
import type { ReadArtifacts } from '../../../planner/validate/read-artifacts.ts';
import { renewedHashes } from '../../../planner/validate/renew-hashes.ts';
import type { ParsedPlan } from '../../../planner/read/read-plan.ts';
import type { Finding } from '../../../planner/validate/finding.ts';
import { judge } from '../../../planner/validate/validate-plan.ts';
import type { Validation } from '../../../planner/validate/validate-plan.ts';
import { documentOf, filesOf, makeBundle } from '../support/bundle.ts';
import type { BundleOptions, Files, TaskLine } from '../support/bundle.ts';

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
  /** Null: there is none. */
  readonly document?: string | null;
}

const put = (value: unknown, path: readonly string[], wanted: unknown): void => {
  const [last = ''] = path.slice(-1);
  const holder = path.slice(0, -1).reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value) as Record<string, unknown>;
  if (wanted === undefined) delete holder[last];
  else holder[last] = wanted;
};

export const changedFiles = ({ lines = LINES, options, edit = {}, remove = [], text = {} }: Change): Files => {
  const files = filesOf(makeBundle(lines, options));
  for (const name of remove) files.delete(name);
  for (const [name, changes] of Object.entries(edit)) {
    const value: unknown = JSON.parse(files.get(name) ?? 'null');
    for (const [pointer, wanted] of Object.entries(changes)) put(value, pointer.split('/').slice(1), wanted);
    files.set(name, JSON.stringify(value, undefined, 2));
  }
  for (const [name, each] of Object.entries(text)) files.set(name, each);
  return files;
};

const PLAN_FILES = ['tasks.json', 'coordinator.json', 'waves.json'];

export const readFiles = (files: Files): { readonly parsed: ParsedPlan; readonly artifacts: ReadArtifacts } => {
  const texts = [...files].map(([name, text]) => ({ name, text, file: `plan/${name}` }));
  const parsed = parsePlan({ label: 'plan', name: 'plan', path: '/plan', files: texts.filter(({ name }) => PLAN_FILES.includes(name)), warnings: [] });
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  const artifacts = artifactsOf(parsed.value, texts, { directory: 'plan' });
  if (!artifacts) throw new Error('no planner wrote this');
  return { parsed: parsed.value, artifacts };
};

export const renewed = (files: Files): Files => {
  const { artifacts } = readFiles(files);
  return new Map([...files, ...renewedHashes(artifacts, artifacts.sources).map(({ name, text }) => [name, text] as const)]);
};

const stated = ({ documents }: ReadArtifacts): unknown => (documents.get('.tasks-meta.json')?.value as { readonly document?: { readonly hash?: unknown } } | undefined)?.document?.hash;

/** All that is found; hashes are made anew after the change, so that it alone is seen. A document with another hash is not found. */
export const validated = (change: Change = {}): Validation => {
  const files = changedFiles(change);
  const { parsed, artifacts } = readFiles(change.keepHashes ? files : renewed(files));
  const text = change.document === undefined ? (change.options?.text ?? documentOf(change.lines ?? LINES)) : change.document;
  const isFound = text !== null && sha256(text) === stated(artifacts);
  return judge(parsed, artifacts, isFound ? { file: 'spec.md', text, isTheOne: true } : undefined);
};

export const brief = ({ findings }: Validation): readonly string[] => findings.map(({ code, severity, file = '', pointer = '' }: Finding) => `${severity === 'warning' ? '(' : ''}${code} ${file}${pointer}${severity === 'warning' ? ')' : ''}`);

/** What people read of it, for review in one place. */
export const told = ({ findings }: Validation): string =>
  findings.map(({ code, message, hint, place, related = [] }) => [`${code} ${place?.file ?? ''}:${place?.line ?? ''}:${place?.column ?? ''} ${message}`, ...related.map((each) => `  = ${each.message} ${each.place?.line ?? ''}`), ...(hint === undefined ? [] : [`  help: ${hint}`])].join('\n')).join('\n');
