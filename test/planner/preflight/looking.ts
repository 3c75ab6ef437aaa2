/** A workspace with files, a plan in it, and what a preflight finds. */
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StoredPlan } from '../../../model/graph.ts';
import { preflight } from '../../../planner/preflight/preflight.ts';
import type { PreflightReport, PreflightRequest } from '../../../planner/preflight/preflight.ts';
import type { Finding } from '../../../planner/preflight/finding.ts';
import { accepted } from '../read/reading.ts';

export interface Setting {
  /** Texts by path; directories end with `/`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly tasks: readonly unknown[];
  readonly policies?: unknown;
  /** Programs on the path; no others are. */
  readonly programs?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly here?: boolean;
}

const PROGRAMS = ['npm', 'yarn', 'node', 'git', 'ls', 'cat', 'mkdir', 'rm', 'mv', 'make', 'curl'];

export const planOf = async (tasks: readonly unknown[], policies?: unknown): Promise<StoredPlan> => (await accepted({ stdin: JSON.stringify({ tasks, policies }) })).plan;

export const workspaceWith = async (files: Readonly<Record<string, string>>) => {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'tasks-preflight-')));
  for (const [file, text] of Object.entries(files)) {
    const path = join(directory, file);
    await mkdir(file.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!file.endsWith('/')) await writeFile(path, text);
    if (text.startsWith('#!')) await chmod(path, 0o755);
  }
  return { directory, [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }) };
};

export const look = async (setting: Setting, more: Partial<PreflightRequest> = {}): Promise<PreflightReport & { readonly plan: StoredPlan }> => {
  const { files = {}, tasks, policies, programs = PROGRAMS, environment = {}, here = true } = setting;
  await using workspace = await workspaceWith(files);
  await using bin = await workspaceWith(Object.fromEntries(programs.map((name) => [name, '#!/bin/sh\n'])));
  const plan = await planOf(tasks, policies);
  const report = await preflight({ plan, workspace: workspace.directory, environment: { PATH: bin.directory, ...environment }, here, ...more });
  return { ...report, plan };
};

/** `TASKS1501 certain b: a>b`, with `~` for soft edges. */
export const short = ({ code, certainty, task, suggestion = [] }: Finding): string => {
  const edges = suggestion.flatMap((one) => one.edges.map(({ from, to, type }) => `${from}${type === 'hard' ? '>' : '~'}${to}`));
  return `${code} ${certainty}${task === undefined ? '' : ` ${task}`}${edges.length > 0 ? `: ${edges.join(' ')}` : ''}`;
};
