/** Every way to import, and everything that looks like one and is none. */
import { expect, test } from 'vitest';
import { parseJavaScript } from '../../../../planner/imports/npm/parse-javascript.ts';
import { imports } from '../project-rig.ts';

const read = (text: string, file = 'a.ts') => imports(parseJavaScript(file, text));

test.each([
  ["import a from 'x';", ['import x 1:15']],
  ["import * as a from 'x';\nimport b, { c } from \"y\";", ['import x 1:20', 'import y 2:22']],
  ["import 'x';", ['side-effect x 1:8']],
  ["import type { A } from 'x';", ['type x 1:24']],
  ["import { type A, type B } from 'x';", ['type x 1:32']],
  ["import { type A, b } from 'x';", ['import x 1:27']],
  ["export * from 'x'; export { a } from 'y'; export type { B } from 'z'; export * as c from 'w';", ['import x 1:15', 'import y 1:38', 'type z 1:66', 'import w 1:90']],
  ["import a = require('x'); export import b = require('y'); import type c = require('z');", ['require x 1:20', 'require y 1:52', 'type z 1:82']],
  ["type A = import('x').B; let a: typeof import('y');", ['type x 1:17', 'type y 1:46']],
  ["const a = await import('x'); import(`y`);", ['dynamic x 1:24', 'dynamic y 1:37']],
  ["const a = require('x'), b = require.resolve('y/z'); import.meta.resolve('w');", ['require x 1:19', 'require y/z 1:45', 'dynamic w 1:73']],
  ["declare module 'x' { import { A } from 'y'; }", ['type y 1:40']],
  ["import json from 'x/y.json' with { type: 'json' };", ['import x/y.json 1:18']],
])('%s', (text, expected) => expect(read(text)).toEqual(expected));

test.each([
  ["// import 'x'\n/* require('y') */ const a = \"import 'z'\";"],
  ['import(`x/${name}`); require(name); require(); import(name);'],
  ["define(function (require) { require('x'); }); const f = (require) => require('y');"],
  ["object.require('x'); path.resolve('y'); import.meta.url;"],
  ["const text = `import a from 'x'`;"],
])('no import: %s', (text) => expect(read(text)).toEqual([]));

test('what is caught when it fails is optional', () => {
  expect(read("try { require('a'); await import('b'); } catch { require('c'); }\ntry { require('d'); } finally { require('e'); }\nimport('f').catch(() => {});")).toEqual([
    'require a 1:15 optional',
    'dynamic b 1:34 optional',
    'require c 1:58 optional',
    'require d 2:15',
    'require e 2:41',
    'dynamic f 3:8 optional',
  ]);
});

test.each([
  ['a.js', "import a from 'x'; const b = <div>{a}</div>;"],
  ['a.jsx', "import a from 'x'; const b = <div />;"],
  ['a.tsx', "import a from 'x'; const b = <T,>(c: T) => <div />;"],
  ['a.mts', "import a from 'x'; const b = <number>a;"],
  ['a.js', "import a from 'x'; const b: number = 1;"],
])('%s may hold %s', (file, text) => {
  const parsed = parseJavaScript(file, text);
  expect(parsed.fault).toBeUndefined();
  expect(imports(parsed)).toEqual(['import x 1:15']);
});

test('CommonJS: a return at the top, sloppy mode, a line for the shell', () => {
  const parsed = parseJavaScript('a.js', "#!/usr/bin/env node\nif (x) return require('x');\nwith (a) b();");
  expect(parsed).toEqual({ imports: [{ specifier: 'x', kind: 'require', line: 2, column: 23 }], isProgram: true });
});

test('a declaration file needs types and nothing else', () => expect(read("import { a } from 'x';\nexport * from 'y';", 'a.d.ts')).toEqual(['type x 1:19', 'type y 2:15']));

test('a syntax error is a fault with its place', () => {
  const { fault } = parseJavaScript('a.ts', "import a from 'x';\nlet b = ;\n");
  expect(fault).toMatchObject({ line: 2, column: 9 });
  expect(fault?.message).toBeTruthy();
});

test('columns count characters as editors do', () => expect(read("const a = '😀ü'; require('x');")).toEqual(['require x 1:26']));
