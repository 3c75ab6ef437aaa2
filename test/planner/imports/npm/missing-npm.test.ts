/** What is missing in npm packages: real files, scanned and compared. */
import { expect, test } from 'vitest';
import { scanImports } from '../../../../planner/imports/scan-imports.ts';
import { census, missing, problems, project, summary } from '../project-rig.ts';
import type { Files } from '../project-rig.ts';

const missingIn = async (files: Files, workspaces?: readonly string[]) => {
  await using directory = await project(files);
  return summary(await missing(directory.root, workspaces));
};

test('declared in any section, by itself, by engines or by its types is not missing', async () => {
  const manifest = {
    name: 'app',
    dependencies: { a: '1' },
    devDependencies: { b: '1', '@types/t': '1' },
    peerDependencies: { c: '1' },
    optionalDependencies: { d: '1' },
    engines: { vscode: '^1.90' },
    imports: { '#x': './x.js' },
  };
  const text = ['a', 'b/x', 'c', 'd', 'vscode', 'app/x', '#x', 'node:fs', 'fs', './x', 'e'].map((name) => `import '${name}';`).join('\n');
  expect(await missingIn({ 'package.json': manifest, 'index.ts': `${text}\nimport type { T } from 't';` })).toEqual(['. e']);
});

test('types of a package that is not declared are of it, or of @types where others have them from there', async () => {
  expect(await missingIn({ 'package.json': { name: 'a' }, 'index.ts': "import type { A } from 'x';" })).toEqual(['. x dev']);
  const workspace = { 'package.json': { workspaces: ['p/*'] }, 'p/a/package.json': { name: 'a' }, 'p/b/package.json': { name: 'b', devDependencies: { '@types/x': '^2' } } };
  expect(await missingIn({ ...workspace, 'p/a/index.ts': "import type { A } from 'x';" })).toEqual(['p/a @types/x dev']);
});

test('with its types declared a plain import in TypeScript may be of the types alone', async () => {
  const manifest = { name: 'a', devDependencies: { '@types/x': '1' } };
  expect(await missingIn({ 'package.json': manifest, 'index.ts': "import { X } from 'x';" })).toEqual(['. x ?types']);
  expect(await missingIn({ 'package.json': manifest, 'index.js': "import { X } from 'x';" })).toEqual(['. x']);
});

test('tests, tools and types of a workspace may use what the root declares, its own code may not', async () => {
  const files = {
    'package.json': { workspaces: ['p/*'], devDependencies: { vitest: '1' } },
    'p/a/package.json': { name: 'a' },
    'p/a/index.ts': "import 'vitest';",
    'p/a/test/a.ts': "import 'vitest';",
    'p/a/vite.config.ts': "import 'vitest';",
    'p/a/index.test.ts': "import 'vitest'; import 'other';",
    'p/b/package.json': { name: 'b' },
    'p/b/types.ts': "import type { X } from 'vitest';",
  };
  expect(await missingIn(files)).toEqual(['p/a other dev', 'p/a vitest']);
});

test('what is caught, or stands where nothing leads, is only likely; one certain import makes it certain', async () => {
  const files = {
    'package.json': { name: 'a', bin: { a: './dist/start.js' }, scripts: { gen: 'node src/generate.mjs --all' }, exports: { './*': './dist/features/*.js' } },
    'src/index.ts': "import './used.ts'; import './folder'; try { require('caught'); } catch {}",
    'src/used.ts': "import 'used';",
    'src/folder/index.ts': "import 'folder';",
    'src/lost.ts': "import 'lost'; import 'both';",
    'src/start.ts': "import 'start';",
    'src/generate.mjs': "import 'generated';",
    'src/features/one.ts': "import 'one';",
    'src/program.mjs': "#!/usr/bin/env node\nimport 'both';",
  };
  expect(await missingIn(files)).toEqual(['. both', '. caught ?optional', '. folder', '. generated', '. lost ?unreached', '. one', '. start', '. used']);
});

test('a sibling that is not declared is linked all the same: likely, with the range others state or its own version', async () => {
  const files = {
    'package.json': { workspaces: { packages: ['p/*', '!p/not'] } },
    'p/a/package.json': { name: 'a' },
    'p/a/index.ts': "import '@x/ui/button'; import 'tool'; import 'not';",
    'p/ui/package.json': { name: '@x/ui', version: '1.2.3' },
    'p/ui/button.ts': "import 'deep';",
    'p/tool/package.json': { name: 'tool' },
    'p/b/package.json': { name: 'b', dependencies: { tool: 'workspace:*' } },
    'p/not/package.json': { name: 'not', dependencies: { left: '1' } },
    'p/not/index.ts': "import 'ignored';",
  };
  await using directory = await project(files);
  const found = await missing(directory.root);
  expect(summary(found)).toEqual(['p/a @x/ui ?sibling', 'p/a not', 'p/a tool ?sibling', 'p/ui deep']);
  expect(found.map(({ range }) => range)).toEqual(['^1.2.3', undefined, 'workspace:*', undefined]);
  expect((await census(directory.root)).skipped).toEqual(['p/not']);
});

test('the range is what the project states already: that of the root, else that of most', async () => {
  const needs = (range: string) => ({ dependencies: { many: range } });
  const files = {
    'package.json': { workspaces: ['p/*'], devDependencies: { top: '^9' } },
    'p/a/package.json': { name: 'a' },
    'p/a/index.ts': "import 'many'; import 'top'; import 'local';",
    'p/b/package.json': { name: 'b', dependencies: { many: '^1', top: '^1', local: 'file:../x' } },
    'p/c/package.json': { name: 'c', ...needs('^2') },
    'p/d/package.json': { name: 'd', ...needs('^2') },
  };
  await using directory = await project(files);
  expect((await missing(directory.root)).map(({ package: name, range }) => `${name} ${range}`)).toEqual(['local undefined', 'many ^2', 'top ^9']);
});

test('aliases of a tsconfig are files: extended, with a base, in the nearest directory', async () => {
  const files = {
    'package.json': { workspaces: ['p/*'] },
    'tsconfig.base.json': '{ // shared\n "compilerOptions": { "paths": { "~lib/*": ["./lib/*"], "*": ["./p/a/types/*"] }, }, }',
    'lib/x.ts': '',
    'p/a/package.json': { name: 'a' },
    'p/a/tsconfig.json': { extends: '../../tsconfig.base.json', compilerOptions: { baseUrl: 'src' } },
    'p/a/src/index.ts': "import '~lib/x'; import '@app/y'; import 'components/button'; import 'components'; import 'known'; import 'unknown';",
    'p/a/src/components/button.tsx': '',
    'p/a/src/components/index.ts': '',
    'p/a/types/known.d.ts': '',
    'p/a/tsconfig.app.json': { compilerOptions: { paths: { '@app/*': ['./src/*'], react: ['./node_modules/preact'] } } },
    'p/a/src/aliased.ts': "import 'react';",
    'p/b/package.json': { name: 'b' },
    'p/b/index.ts': "import '@app/y';",
  };
  expect(await missingIn(files)).toEqual(['p/a react ?unreached', 'p/a unknown', 'p/b @app/y']);
});

test('what git ignores, links and other packages are not looked at', async () => {
  const files = {
    '.git/HEAD': '',
    '.gitignore': 'generated/\n*.gen.ts\n!kept.gen.ts\n',
    'package.json': { name: 'a' },
    'index.ts': '',
    'generated/index.ts': "import 'generated';",
    'src/.gitignore': '/own.ts\n',
    'src/own.ts': "import 'own';",
    'src/index.gen.ts': "import 'gen';",
    'src/kept.gen.ts': "import 'kept';",
    'dist/index.js': "import 'dist';",
    'node_modules/x/index.js': "import 'nested';",
    'vendor/package.json': { name: 'vendor' },
    'vendor/index.ts': "import 'vendored';",
    'esm/package.json': { type: 'module' },
    'esm/index.js': "import 'marker';",
    'lib/jquery.min.js': "import 'minified';",
  };
  expect(await missingIn(files)).toEqual(['. kept ?unreached', '. marker']);
});

test('a .gitignore that would take for ever to match takes none', async () => {
  const files = { '.git/HEAD': '', '.gitignore': `${'a*'.repeat(40)}b\nout.ts\n`, 'package.json': { name: 'a' }, [`${'a'.repeat(120)}/index.ts`]: "import 'x';", 'out.ts': "import 'y';" };
  expect(await missingIn(files)).toEqual(['. x']);
});

test('--workspaces narrows a scan, takes names that a shell made of a glob, and knows the rest of the project', async () => {
  const files = {
    'package.json': { workspaces: ['apps/*', 'libs/*'] },
    'apps/a/package.json': { name: 'a' },
    'apps/a/index.ts': "import 'x'; import 'lib';",
    'apps/readme.md': '',
    'libs/lib/package.json': { name: 'lib', dependencies: { x: '^3' } },
    'libs/lib/index.ts': "import 'y';",
    'pages/[id]/package.json': { name: 'odd' },
    'pages/[id]/index.ts': "import 'z';",
  };
  await using directory = await project(files);
  const found = await missing(directory.root, ['apps/a', 'apps/readme.md']);
  expect(found.map(({ workspace, package: name, range }) => [workspace, name, range])).toEqual([
    ['apps/a', 'lib', '*'],
    ['apps/a', 'x', '^3'],
  ]);
  expect(summary(await missing(directory.root, ['pages/*']))).toEqual(['pages/[id] z']);
});

test('pnpm has its workspaces in a file of its own, and links none that is not declared', async () => {
  const files = { 'package.json': { name: 'top' }, 'pnpm-workspace.yaml': "packages:\n  - 'p/*'\n", 'p/a/package.json': { name: 'a' }, 'p/a/index.ts': "import 'x'; import 'b';", 'p/b/package.json': { name: 'b', version: '1.0.0' } };
  await using directory = await project(files);
  const found = await missing(directory.root);
  expect(summary(found)).toEqual(['p/a b', 'p/a x']);
  expect(found[0]?.range).toBe('workspace:^');
});

test.each<readonly [string, Files, readonly string[] | undefined, readonly [string, number | undefined]]>([
  ['no package', { 'index.ts': '' }, undefined, ['TASKS5002', undefined]],
  ['no match', { 'package.json': {} }, ['apps/*'], ['TASKS5002', undefined]],
  ['a glob that leads out', { 'package.json': {} }, ['../*'], ['TASKS5002', undefined]],
  ['no JSON', { 'package.json': '{\n  "name": "a",\n}' }, undefined, ['TASKS5003', 3]],
  ['a section of another kind', { 'package.json': '{\n  "dependencies": []\n}' }, undefined, ['TASKS5003', 2]],
  ['a range of another kind', { 'package.json': '{\n  "dependencies": {\n    "a": 1\n  }\n}' }, undefined, ['TASKS5003', 3]],
  ['a broken workspace', { 'package.json': { workspaces: ['p/*'] }, 'p/a/package.json': '{' }, undefined, ['TASKS5003', 1]],
])('refused: %s', async (_name, files, workspaces, [code, line]) => {
  await using directory = await project(files);
  const [problem] = problems(await scanImports({ root: directory.root, ...(workspaces && { workspaces }) }));
  expect([problem?.code, problem?.place?.line]).toEqual([code, line]);
});

test('a source that does not parse, and a tsconfig that does not, are warnings with their place', async () => {
  await using directory = await project({ 'package.json': { name: 'a' }, 'tsconfig.json': '{\n  "compilerOptions": {', 'index.ts': "import 'x';", 'broken.ts': 'let a = ;\n' });
  const { warnings, packages } = await census(directory.root);
  expect(warnings.map(({ code, place }) => [code, place?.line])).toEqual([
    ['TASKS5003', 2],
    ['TASKS5004', 1],
  ]);
  expect(packages[0]?.imports).toHaveLength(1);
});
