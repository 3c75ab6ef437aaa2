/** Real documents: what their authors say of order is found, and nothing else is taken for it. Skipped without the data (`TASKS_TEST_DATA`). */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { found } from './planned.ts';
import type { Found, Sketch } from './planned.ts';

const directory = join(process.env['TASKS_TEST_DATA'] ?? join(process.cwd(), '..', 'shared', 'data'), 'documents');
const isThere = existsSync(directory);
if (!isThere) console.log(`documents of dependencies: skipped: there is no ${directory}`);

const stated = (name: string, tasks: readonly Sketch[]): Found => found({ tasks, text: readFileSync(join(directory, name), 'utf8') });

describe.skipIf(!isThere)('documents', () => {
  test('the dependency chain of a product requirements document is the one that its author numbered', () => {
    const titles = [
      'Set up Vite + React project',
      'Set up basic Node.js/Express backend server',
      'Implement backend data storage module',
      'Implement unique short code generation logic',
      'Implement backend `POST /api/shorten` endpoint',
      'Implement backend `GET /:shortCode` redirect endpoint',
      'Create frontend UI components',
      'Implement frontend logic to call `POST /api/shorten`',
      'Build frontend display logic',
    ];
    const { dependencies } = stated('sample-prd.md', titles.map((title, at) => ({ id: `T${at + 1}`, title, feature: `F${at + 1}` })));
    const edges = dependencies.filter(({ evidence }) => evidence.some(({ reason }) => reason.includes('"depends on'))).map(({ from, to }) => `${from}>${to}`);
    expect(edges).toEqual(['T3>T5', 'T3>T6', 'T4>T5', 'T5>T8', 'T7>T8', 'T7>T9', 'T8>T9']);
  });

  test.each(['flatmate-life-spec.md', 'loop-prd.md'])('%s states no order, although it says "after", "before" and "requires" a lot', (name) => {
    const words = readFileSync(join(directory, name), 'utf8').match(/(?<=MUST (?:allow flatmates to |display |support )?)[a-z]+ [a-z]+ [a-z]+/gu) ?? ['parse options'];
    const tasks = words.map((title, at) => ({ id: `T${at}`, title: `Implement ${title}`, feature: `F${at % 6}` }));
    const { dependencies } = stated(name, tasks);
    expect(dependencies.filter(({ isHard, evidence }) => isHard && evidence.some(({ type }) => type === 'doc'))).toEqual([]);
  });
});
