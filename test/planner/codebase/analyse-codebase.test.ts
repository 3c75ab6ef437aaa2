/** The analysis as a whole: what it promises whatever the tree looks like. */
import { chmod, cp, mkdir, readdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { analyseCodebase } from '../../../planner/codebase/analyse-codebase.ts';
import type { AnalysisProgress } from '../../../planner/codebase/analyse-codebase.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import { rankSymbols } from '../../../planner/codebase/rank-symbols.ts';
import { problems, project, value } from '../imports/project-rig.ts';
import { analysis, symbols } from './codebase-rig.ts';

const SHOP = {
  'package.json': { name: 'shop', scripts: { test: 'vitest run' } },
  '.gitignore': 'secret.ts\n/out-of-git/\n',
  'secret.ts': 'export class Secret {}',
  'out-of-git/a.ts': 'export class Ignored {}',
  'node_modules/x/index.js': 'export class Foreign {}',
  'src/core/base.ts': 'export abstract class Base {}\nexport class Plain {}\nexport interface Port { send(): void }\nexport interface Unused { x: number }',
  'src/core/logger.ts': 'export class Logger {}\nexport const unused = 1;',
  'src/core/index.ts': "export * from './base.ts';\nexport { Logger as Log } from './logger.ts';",
  'src/a.ts': "import { Base, Log } from './core/index.ts';\nexport class A extends Base { log = new Log(); }",
  'src/b.ts': "import { Base, Log, Plain, type Port } from './core/index.js';\nexport class B extends Plain implements Port { send() {} }",
  'src/c.ts': "import { Log } from './core';\nimport { Plain } from './core/base';\nexport class C extends Plain {}",
  'src/api/users.ts': "import { Log } from '../core/index.ts';\napp.get('/users', list);",
  'test/a.test.ts': "import { Logger } from '../src/core/logger.ts';\nexport class TestOnly extends Logger {}\nclass Again extends TestOnly {}\nclass Third extends TestOnly {}",
};

test('what is there to build upon, by how much the code base itself uses it', async () => {
  const found = await analysis(SHOP);
  expect(found.files).toEqual(Object.keys(SHOP).filter((path) => !/^(?:secret|out-of-git|node_modules)/.test(path)).sort());
  expect(found.languages).toEqual([{ language: 'typescript', files: 8 }]);
  expect(found.existingApis).toEqual(['Logger', 'Base', 'Plain', 'Port', 'A', 'B', 'C', 'GET /users', 'Unused']);
  expect(found.components).toEqual(['Logger']);
  expect(found.extensionPoints).toEqual(['Plain', 'Base', 'Port']);
  expect({ sourceRoots: found.sourceRoots, testRoots: found.testRoots }).toEqual({ sourceRoots: ['src', 'src/api', 'src/core'], testRoots: ['test'] });
  expect(found.commands).toEqual({ test: 'npm test', testOnly: 'npx vitest run {}' });
  expect(found.symbols.filter(({ file }) => file === 'src/b.ts')).toEqual([{ name: 'B', kind: 'class', file: 'src/b.ts', line: 2, isExported: true, bases: ['Plain', 'Port'] }]);
  expect(found.unparsed).toEqual([]);
});

test('imports are followed in every language that has them', async () => {
  const python = Object.fromEntries(['a', 'b', 'c'].map((name) => [`shop/${name}.py`, 'from shop.core import Money\nfrom .core.names import join']));
  const go = Object.fromEntries(['a', 'b', 'c'].map((name) => [`cmd/${name}/main.go`, 'package main\nimport "example.com/shop/internal/store"\nfunc main() { store.Open() }']));
  const java = Object.fromEntries(['A', 'B', 'C'].map((name) => [`src/main/java/shop/${name}.java`, `package shop;\nimport shop.core.Clock;\npublic class ${name} {}`]));
  const rust = Object.fromEntries(['a', 'b', 'c'].map((name) => [`engine/src/${name}.rs`, 'use crate::core::Engine;\npub fn run() {}']));
  const ruby = Object.fromEntries(['a', 'b', 'c'].map((name) => [`app/models/${name}.rb`, `class ${name.toUpperCase()}Model < ApplicationRecord\nend`]));
  const aliased = Object.fromEntries(['a', 'b', 'c'].map((name) => [`web/${name}.ts`, "import { theme } from '@/theme';\nimport { tool } from '@shop/tools';"]));
  const found = await analysis({
    ...python,
    ...go,
    ...java,
    ...rust,
    ...ruby,
    ...aliased,
    'shop/__init__.py': '',
    'shop/core/__init__.py': 'from .money import Money',
    'shop/core/money.py': 'class Money: pass',
    'shop/core/names.py': 'def join(): pass',
    'go.mod': 'module example.com/shop\n',
    'internal/store/store.go': 'package store\nfunc Open() {}\ntype Closer interface { Close() error }\ntype File struct{}',
    'internal/store/file.go': 'package store\nfunc (f *File) Close() error { return nil }',
    'src/main/java/shop/core/Clock.java': 'package shop.core;\npublic interface Clock {}',
    'engine/Cargo.toml': '[package]\nname = "engine"\n',
    'engine/src/main.rs': 'mod core;',
    'engine/src/core.rs': 'pub struct Engine;\npub trait Part {}\n',
    'engine/src/part.rs': 'impl Part for Engine {}',
    'app/models/application_record.rb': 'class ApplicationRecord < ActiveRecord::Base\nend',
    'tsconfig.json': { compilerOptions: { paths: { '@/*': ['./web/*'] } } },
    'web/theme.ts': 'export const theme = 1;',
    'packages/tools/package.json': { name: '@shop/tools', main: './dist/main.js' },
    'packages/tools/src/main.ts': 'export const tool = () => 1;',
  });
  expect(found.components).toEqual(['ApplicationRecord', 'Clock', 'Engine', 'Money', 'Open', 'join', 'theme', 'tool']);
  expect(found.extensionPoints).toEqual(['ApplicationRecord', 'Closer', 'Part']);
  expect(found.symbols.find(({ name }) => name === 'File')?.bases).toEqual(['Closer']);
  expect(found.symbols.find(({ name }) => name === 'Engine')?.bases).toEqual(['Part']);
});

test('route handlers that are found by their place', async () => {
  const found = await analysis({ 'app/(shop)/users/[id]/route.ts': 'export async function GET() {}\nexport const POST = () => 1;\nexport const other = 1;', 'pages/api/health.ts': 'export default function handler() {}' });
  expect(found.existingApis.filter((name) => name.includes('/'))).toEqual(['* /api/health', 'GET /users/:id', 'POST /users/:id']);
});

test('what lies aside is no part of the product, whatever it is called inside of it', async () => {
  const found = await analysis({
    'src/main/java/org/samples/shop/Clock.java': 'package org.samples.shop;\npublic class Clock {}',
    'src/test/java/org/samples/shop/ClockTests.java': 'package org.samples.shop;\npublic class ClockTests {}',
    'src/tools/hammer.ts': 'export class Hammer {}',
    'src/__tests__/hammer.ts': 'export class HammerTest {}',
    'examples/app/main.ts': 'export class Example {}',
    'packages/tools/package.json': { name: 'tools' },
    'packages/tools/main.ts': 'export class Tool {}',
    'scripts/release.ts': 'export class Release {}',
    'internal/shop_test.go': 'package shop\ntype Fake struct{}',
    'db/migrate/20240101120000_create_users.rb': 'class CreateUsers < ActiveRecord::Migration[7.1]\nend',
  });
  expect(found.existingApis).toEqual(['Clock', 'Hammer', 'Tool']);
  expect(found.sourceRoots).toEqual(['db', 'packages', 'packages/tools', 'src', 'src/main', 'src/main/java', 'src/tools']);
  expect(found.testRoots).toEqual(['src/__tests__', 'src/test']);
});

test('an empty directory is the empty analysis', async () => expect(await analysis({})).toEqual(EMPTY_ANALYSIS));

test('a path that is missing, is a file, or cannot be read ends with TASKS5001 and the way out', async () => {
  await using directory = await project({ 'a.ts': '' });
  for (const path of ['none', 'a.ts']) {
    const [problem] = problems(await analyseCodebase({ path: join(directory.root, path) }));
    expect(problem).toMatchObject({ code: 'TASKS5001', hint: expect.stringContaining('--codebase-path') });
  }
});

/** Root may read everything: the test looks at it as somebody else. */
const asNobody = (): boolean => {
  if (process.getuid?.() !== 0) return true;
  if (!process.seteuid) return false;
  process.seteuid(65_534);
  onTestFinished(() => process.seteuid?.(0));
  return true;
};

test('a directory that cannot be read is listed and does no harm; as the top it is refused', async () => {
  await using directory = await project({ 'a.ts': 'export class A {}', 'locked/b.ts': 'export class B {}', 'src/c.ts': 'export class C {}' });
  await chmod(directory.root, 0o755);
  const locked = join(directory.root, 'locked');
  await chmod(locked, 0o000);
  onTestFinished(() => chmod(locked, 0o755).catch(() => undefined));
  if (!asNobody()) return;
  const found = await analyseCodebase({ path: directory.root });
  const refused = await analyseCodebase({ path: locked });
  process.seteuid?.(process.getuid?.() ?? 0);
  await chmod(locked, 0o755);
  expect(value(found).existingApis).toEqual(['A', 'C']);
  expect(value(found).unparsed).toEqual([{ file: 'locked', message: 'the directory cannot be read' }]);
  expect(problems(refused)[0]).toMatchObject({ code: 'TASKS5001', message: expect.stringContaining('EACCES') });
});

test('hostile files cost nothing but themselves', async () => {
  await using directory = await project({
    'good.ts': 'export class Good {}',
    'nested.ts': `export const a = ${'('.repeat(150_000)}1${')'.repeat(150_000)};`,
    'nested.py': `x = ${'['.repeat(100_000)}`,
    'names.ts': 'export class __proto__ {}\nexport class constructor {}\nexport const toString = 1;\nimport { hasOwnProperty } from "./names.ts";',
    'long.ts': `export class ${'x'.repeat(10_000)} {}\nexport class Short {}`,
    'package.json': `{"scripts": ${'['.repeat(50_000)}`,
    'compose.yml': `a: &a [x]\n${Array.from({ length: 30 }, (_, n) => `k${String(n)}: &b${String(n)} [*${n === 0 ? 'a' : `b${String(n - 1)}`}, *${n === 0 ? 'a' : `b${String(n - 1)}`}]`).join('\n')}`,
    '.github/workflows/a.yml': `jobs: ${'{a: '.repeat(20_000)}`,
    'line\nbreak.ts': 'export class Odd {}',
    '__proto__/constructor.ts': 'export class Inside {}',
  });
  const path = (name: string): string => join(directory.root, name);
  await writeFile(path('binary.ts'), Buffer.from([0xff, 0xfe, 0x00, 0x01]));
  await writeFile(path('zeros.ts'), 'export class Zero {}\0');
  await writeFile(path('large.ts'), '');
  await truncate(path('large.ts'), 5 * 1024 * 1024);
  await mkdir(path('loop'));
  await symlink('..', path('loop/up'));
  await symlink('/etc', path('elsewhere'));
  await symlink('good.ts', path('linked.ts'));
  const found = value(await analyseCodebase({ path: directory.root }));
  expect(found.existingApis).toEqual(['Good', 'Inside', 'Odd', 'Short', '__proto__', 'constructor']);
  expect(found.files).not.toContain('linked.ts');
  const faults = new Map(found.unparsed.map(({ file, message }) => [file, message]));
  expect(faults.get('large.ts')).toBe('it is larger than 2 MiB');
  expect(faults.get('binary.ts')).toBe('it is not UTF-8 text');
  expect(faults.get('zeros.ts')).toBe('it is no text');
  // Those that nest are read, or cost a parser and are listed: with nothing else lost.
  expect(found.symbols.some(({ file }) => file === 'nested.ts') || faults.has('nested.ts')).toBe(true);
  expect(faults.has('nested.py')).toBe(true);
  expect([...faults.keys()]).toEqual(expect.arrayContaining(['compose.yml', 'package.json', '.github/workflows/a.yml']));
  expect(JSON.stringify(found)).not.toContain(directory.root);
});

test('the same tree gives the same bytes: elsewhere, in another order, with a cache, with a damaged one', async () => {
  await using directory = await project(SHOP);
  await using other = await project(Object.fromEntries(Object.entries(SHOP).toReversed()));
  await using kept = await project({});
  const seen: AnalysisProgress[] = [];
  const bytes = async (path: string, cacheDirectory?: string): Promise<string> => JSON.stringify(value(await analyseCodebase({ path, ...(cacheDirectory !== undefined && { cacheDirectory }), onProgress: (progress) => seen.push(progress) })));
  const first = await bytes(directory.root);
  expect(seen[0]).toEqual({ done: 0, total: 8 });
  expect(seen.at(-1)).toEqual({ done: 8, total: 8 });
  expect(await bytes(other.root, kept.root)).toBe(first);
  const [version = ''] = await readdir(kept.root);
  const parts = await readdir(join(kept.root, version));
  expect(parts.length).toBeGreaterThan(0);
  expect(await bytes(directory.root, kept.root)).toBe(first);
  for (const [at, part] of parts.entries()) await writeFile(join(kept.root, version, part), ['', 'nonsense', `${'0'.repeat(64)}\nkey {"symbols":[]}`][at % 3] ?? '');
  expect(await bytes(directory.root, kept.root)).toBe(first);
  // A cache that is no directory is none.
  await writeFile(join(kept.root, 'file'), '');
  expect(await bytes(directory.root, join(kept.root, 'file'))).toBe(first);
});

test('the hash follows contents and paths', async () => {
  const { hash } = await analysis({ 'a.ts': 'export const a = 1;' });
  expect((await analysis({ 'a.ts': 'export const a = 2;' })).hash).not.toBe(hash);
  expect((await analysis({ 'b.ts': 'export const a = 1;' })).hash).not.toBe(hash);
});

test('two at a time share a cache, and both answer', async () => {
  await using directory = await project(SHOP);
  await using kept = await project({});
  const [one, two] = await Promise.all([1, 2].map(() => analyseCodebase({ path: directory.root, cacheDirectory: kept.root })));
  expect(one).toEqual(two);
});

test('ranking does not depend on the order of files', () => {
  const name = fc.constantFrom('A', 'B', 'Base', '__proto__', 'AbstractThing');
  const symbol = fc.record({ name, kind: fc.constantFrom('class' as const, 'interface' as const, 'abstract_class' as const), file: fc.constantFrom('a.ts', 'b.ts', 'test/c.ts'), line: fc.nat(9), isExported: fc.boolean(), bases: fc.array(name, { maxLength: 2 }) });
  fc.assert(
    fc.property(fc.array(symbol, { maxLength: 12 }), (found) => {
      const sources = [...new Set(found.map(({ file }) => file))].map((path) => ({ path, language: 'typescript' as const, facts: { symbols: [], uses: [], exports: [], mentions: [], implementations: [], methods: [], environment: [], settings: [], isGenerated: false } }));
      const uses = new Map([['a.ts#A', new Set(['b.ts'])]]);
      const isProduct = (path: string): boolean => !path.startsWith('test/');
      expect(rankSymbols({ symbols: found.toReversed(), sources: sources.toReversed(), uses, isProduct, isSealed: () => false })).toEqual(rankSymbols({ symbols: found, sources, uses, isProduct, isSealed: () => false }));
    }),
    { numRuns: 50 },
  );
});

test('this project, as a code base', async () => {
  await using copy = await project({});
  for (const name of ['planner', 'store', 'model', 'package.json', 'package-lock.json', 'vitest.config.ts']) await cp(name, join(copy.root, name), { recursive: true });
  const found = value(await analyseCodebase({ path: copy.root }));
  expect(found.languages[0]?.language).toBe('typescript');
  expect(found.unparsed).toEqual([]);
  expect(found.components).toEqual(expect.arrayContaining(['TasksError', 'quote']));
  expect(found.extensionPoints).toContain('PlanStore');
  expect(found.sourceRoots).toEqual(['model', 'planner', 'store']);
  expect(found.commands).toMatchObject({ test: 'npm test', typecheck: 'npm run typecheck', testOnly: 'npx vitest run {}' });
  expect(found.resources.map((resource) => resource.name)).toContain('lock_file_npm');
  expect(symbols(found)).toContain('class TasksError: Error');
});
