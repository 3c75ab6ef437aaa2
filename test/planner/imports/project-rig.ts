/** A project in a directory of its own, from a table of files; gone at the end of the test. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import type { Problem, Result } from '../../../model/problem.ts';
import type { Census } from '../../../planner/imports/census.ts';
import { findMissing } from '../../../planner/imports/find-missing.ts';
import type { Finding } from '../../../planner/imports/missing.ts';
import type { ParsedSource } from '../../../planner/imports/parse/parsed-source.ts';
import { scanImports } from '../../../planner/imports/scan-imports.ts';

/** What is no text is written as JSON. */
export type Files = Readonly<Record<string, unknown>>;

export interface ProjectDirectory extends AsyncDisposable {
  readonly root: string;
  write(files: Files): Promise<void>;
}

export const project = async (files: Files): Promise<ProjectDirectory> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'imports-')));
  const write = async (more: Files): Promise<void> => {
    for (const [path, content] of Object.entries(more)) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), typeof content === 'string' ? content : JSON.stringify(content, undefined, 2));
    }
  };
  await write(files);
  return { root, write, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
};

export const value = <T>(result: Result<T>): T => (result.ok ? result.value : expect.fail(result.error.map(({ code, message }) => `${code} ${message}`).join('\n')));

export const problems = <T>(result: Result<T>): readonly Problem[] => (result.ok ? expect.fail('nothing was refused') : result.error);

export const census = async (root: string, workspaces?: readonly string[]): Promise<Census> => value(await scanImports({ root, ...(workspaces && { workspaces }) }));

export const missing = async (root: string, workspaces?: readonly string[]): Promise<readonly Finding[]> => value(await findMissing(await census(root, workspaces))).findings;

/** `workspace package`, with `?` where it is only likely and `dev` where only development needs it. */
export const summary = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ workspace, package: name, certainty, doubt, dev }) => `${workspace} ${name}${certainty === 'likely' ? ` ?${doubt}` : ''}${dev ? ' dev' : ''}`);

/** `kind specifier line:column`, as tables of sources have it. */
export const imports = (parsed: ParsedSource): readonly string[] => parsed.imports.map(({ kind, specifier, line, column, optional }) => `${kind} ${specifier} ${line}:${column}${optional ? ' optional' : ''}`);
