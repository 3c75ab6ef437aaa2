import { expect, test } from 'vitest';
import { facts, symbols, uses } from '../codebase-rig.ts';

test('declarations, what they extend, and whether others can have them', async () => {
  const found = await facts(
    'typescript',
    `export abstract class Base<T> extends lib.Core<T> implements Store, Closer<X> {}
export interface Store extends Reader<string> { get(key: string): string }
export type Id = string;
export const LIMIT = 1, load = async () => 2;
export default class Main {}
export enum State { Open }
class Hidden extends Base {}
function helper() {}
const secret = 1;
function late() {}
export { late };
export declare function declared(): void;`,
  );
  expect(symbols(found)).toEqual([
    'abstract_class Base: Core, Store, Closer',
    'interface Store: Reader',
    'type Id',
    'constant LIMIT',
    'function load',
    'class Main',
    'type State',
    '-class Hidden: Base',
    'function late',
    'function declared',
  ]);
  expect(found.symbols.map(({ line }) => line)).toEqual([1, 2, 3, 4, 4, 5, 6, 7, 10, 12]);
});

test('what is imported, and what is handed on under which name', async () => {
  const found = await facts(
    'typescript',
    `export { again as more };
import main, * as all from './main.js';
import { a, b as c, again } from './names.js';
import type { Shape } from './shape.js';
export { one as two } from './other.js';
export * from './rest.js';
const { d } = require('./common.cjs');
const { e } = await import('./lazy.js');
const f = (await import('./member.js')).f;`,
  );
  expect(uses(found)).toEqual(['./main.js default,*', './names.js a,b,again', './shape.js Shape', './other.js', './rest.js', './common.cjs d', './lazy.js e', './member.js f']);
  expect(found.exports).toEqual([
    { as: 'more', from: './names.js', name: 'again' },
    { as: 'two', name: 'one', from: './other.js' },
    { as: '*', name: '*', from: './rest.js' },
  ]);
});

test('imports in every way to write them', async () => {
  const found = await facts(
    'typescript',
    `import './effects.js';
import type Main from "https://example.com/main.js";
import type, { from, type as kind, type Type, default as same } from './words.js'; // from './comment.js'
import {
  a, // of the first
  /* the second */ b,
} from './lines.js';
import * as from from './all-from.js';
export type { Shape } from './shape.js';
export * as names from './names.js';
export { default } from './main.js';`,
  );
  expect(uses(found)).toEqual(['./effects.js', 'https://example.com/main.js default', './words.js default,from,type,Type', './lines.js a,b', './all-from.js *', './shape.js', './names.js', './main.js']);
  expect(found.exports).toEqual([
    { as: 'Shape', name: 'Shape', from: './shape.js' },
    { as: 'default', name: 'default', from: './main.js' },
  ]);
});

test('modules of Node', async () => {
  const found = await facts('javascript', 'class A extends B {}\nconst helper = () => 1;\nexports.direct = function () {};\nmodule.exports = { A, renamed: helper };');
  expect(symbols(found)).toEqual(['class A: B', 'function helper', 'function direct']);
  expect(found.exports).toEqual([{ as: 'renamed', name: 'helper' }]);
});

test('a function that makes something others can make as well is one of its implementations', async () => {
  const found = await facts('typescript', 'export const open = async (): Promise<Store> => make();\nexport function other(): Store { return make(); }\nexport const fixed: Store = make();\nconst own = (): Store => make();');
  expect(found.implementations).toEqual(['open', 'other', 'fixed'].map((name) => ({ name, base: 'Store' })));
});

const ENDPOINTS: readonly (readonly [string, string, readonly string[]])[] = [
  ['Express', "app.get('/users/:id', auth, show); router.delete('/users/:id', remove)", ['GET /users/:id', 'DELETE /users/:id']],
  ['a chain of Express', "router.route('/users').get(list).post(create)", ['GET /users', 'POST /users']],
  ['Hono', "new Hono().get('/a', (c) => c.text('a')).post('/b', (c) => c.text('b'))", ['GET /a', 'POST /b']],
  ['Fastify', "fastify.route({ method: ['GET', 'HEAD'], url: '/health', handler })", ['GET /health', 'HEAD /health']],
  ['Koa', "router.all('/any', async (context) => {})", ['* /any']],
  ['any receiver with a handler written out', "v.put('/x', function (request, response) {})", ['PUT /x']],
  ['Nest', "@Controller('cats') export class Cats { @Get(':id') one() {} @Post() make() {} }", ['GET /cats/:id', 'POST /cats']],
  ['a client', "axios.post('/users', body); api.client.get('/x', options); $.get('/x', () => {}); map.get('/key'); cache.get('/a', fallback)", []],
  ['a decorator of something else', "class Query { @Get('/x') field() {} }", []],
  ['a path that is put together', 'app.get(`/users/${id}`, show)', []],
];

test.each(ENDPOINTS)('endpoints: %s', async (_name, text, expected) => {
  const { symbols: found } = await facts('typescript', text);
  expect(found.filter(({ kind }) => kind === 'endpoint').map(({ name }) => name).sort()).toEqual([...expected].sort());
});

test('variables of the environment, and sizes in the configuration of a tool', async () => {
  const found = await facts('typescript', "const port = process.env.PORT ?? process.env['HOST'];\nconst url = import.meta.env.VITE_URL;\nexport default defineConfig({ test: { maxWorkers: 3 }, production: { pool: { min: 1, max: 7 } } });");
  expect(found.environment).toEqual(['PORT', 'HOST', 'VITE_URL']);
  expect(found.settings).toEqual([
    { path: ['test', 'maxWorkers'], value: 3 },
    { path: ['production', 'pool', 'max'], value: 7 },
  ]);
});

const GENERATED: readonly (readonly [string, boolean])[] = [
  ['/* @generated by protoc-gen-es */\nexport const a = 1;', true],
  ['// Code generated by mockgen. DO NOT EDIT.\nexport const a = 1;', true],
  ['# This file is auto-generated by openapi\n', true],
  ["const text = 'DO NOT EDIT';", false],
  ['// This file is not generated: edit it.\nexport const a = 1;', false],
  [`${'\n'.repeat(60)}// DO NOT EDIT`, false],
];

test.each(GENERATED)('what says that a program wrote it: %j', async (text, expected) => {
  expect((await facts('javascript', text)).isGenerated).toBe(expected);
});
