/** Scripts of package.json, and the runner that its tests have. */
import type { ProjectCommands } from '../analysis.ts';
import type { Data } from '../configs/data.ts';
import type { Place } from './find-commands.ts';

type Kind = 'test' | 'lint' | 'typecheck' | 'build';

const SCRIPTS: readonly (readonly [Kind, readonly string[]])[] = [
  ['test', ['test', 'tests', 'test:unit', 'test:ci']],
  ['lint', ['lint', 'lint:check', 'eslint', 'lint:js', 'lint:ts']],
  ['typecheck', ['typecheck', 'type-check', 'check-types', 'check:types', 'types', 'tsc', 'typecheck:all']],
  ['build', ['build', 'compile', 'build:all']],
];
/** Package, what its command looks like in a script, and the command for one pattern. */
const RUNNERS: readonly (readonly [string, RegExp, string])[] = [
  ['vitest', /\bvitest\b/, 'vitest run {}'],
  ['jest', /\bjest\b|\breact-scripts test\b/, 'jest {}'],
  ['mocha', /\bmocha\b/, 'mocha {}'],
  ['ava', /\bava\b/, 'ava {}'],
  ['tap', /\btap\b/, 'tap {}'],
  ['@playwright/test', /\bplaywright test\b/, 'playwright test {}'],
];

export const npmCommands = ({ configs, path, has }: Place): ProjectCommands => {
  if (!has('package.json')) return {};
  const manifest = configs.data(path('package.json'));
  const manager = managerOf(manifest, has);
  const found: Partial<Record<Kind | 'testOnly', string>> = {};
  for (const [kind, names] of SCRIPTS) {
    const name = names.find((one) => isReal(manifest.text('scripts', one)));
    if (name !== undefined) found[kind] = kind === 'test' && name === 'test' ? `${manager} test` : `${manager} run ${name}`;
  }
  const one = testOnly(manifest, manager);
  return { ...found, ...(one !== undefined && { testOnly: one }) };
};

/** What `npm init` writes tests nothing. */
const isReal = (script: string | undefined): boolean => script !== undefined && script.trim() !== '' && !/no test specified/.test(script);

const managerOf = (manifest: Data, has: Place['has']): string => {
  const stated = /^(npm|pnpm|yarn|bun)@/.exec(manifest.text('packageManager') ?? '')?.[1];
  if (stated !== undefined) return stated;
  if (has('pnpm-lock.yaml')) return 'pnpm';
  if (has('yarn.lock')) return 'yarn';
  return has('bun.lock') || has('bun.lockb') ? 'bun' : 'npm';
};

const EXECUTE: ReadonlyMap<string, string> = new Map([
  ['pnpm', 'pnpm exec'],
  ['yarn', 'yarn'],
  ['bun', 'bunx'],
]);

/** The runner that the script of the tests calls, else the only one that is declared. */
const testOnly = (manifest: Data, manager: string): string | undefined => {
  const script = manifest.text('scripts', 'test') ?? '';
  const run = EXECUTE.get(manager) ?? 'npx';
  const called = RUNNERS.find(([, command]) => command.test(script));
  if (called) return `${run} ${called[2]}`;
  const node = /\bnode\b[^&|;]*\s--test\b/.exec(script)?.[0];
  // With the flags that the script gives it, such as a loader's.
  if (node !== undefined) return /^node(?:\s+--[\w./:@=-]+)*$/.test(node) ? `${node.replaceAll(/\s+/g, ' ')} {}` : 'node --test {}';
  if (/\bbun test\b/.test(script)) return 'bun test {}';
  const declared = RUNNERS.filter(([name]) => manifest.at('devDependencies', name).exists || manifest.at('dependencies', name).exists);
  const [only, another] = declared;
  return only && !another ? `${run} ${only[2]}` : undefined;
};
