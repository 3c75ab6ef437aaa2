/** The documentation leads nowhere that is not there, and says nothing that the code does not. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { glob } from 'tinyglobby';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../client/cli/command-table.ts';
import { commandsPage, commandsTable } from '../../client/cli/render-docs.ts';
import { EVENT_WINDOW } from '../../model/event.ts';
import { MAX_DEPENDENCIES, MAX_TASKS } from '../../model/graph.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): Promise<string> => readFile(join(root, file), 'utf8');
const pages = (): Promise<string[]> => glob(['*.md', 'docs/**/*.md', 'examples/**/*.md'], { cwd: root, ignore: ['**/node_modules/**'] });

test('relative links lead to files', async () => {
  const broken: string[] = [];
  for (const page of await pages()) {
    const text = (await read(page)).replaceAll(/```[\s\S]*?```|`[^`]*`/g, '');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      if (!existsSync(join(root, dirname(page), target))) broken.push(`${page}: ${target}`);
    }
  }
  expect(broken).toEqual([]);
});

test('the table of commands in the README is the one that the code makes', async () => {
  const [, table] = /<!-- commands -->\n([\s\S]*?)<!-- \/commands -->/.exec(await read('README.md')) ?? [];
  expect(table?.trim()).toBe(commandsTable(COMMANDS).trim());
});

test('the page of commands is the one that the code makes', async () => {
  expect((await read('docs/commands.md')).trim()).toBe(commandsPage(COMMANDS).trim());
});

test('every `tasks` command that a page shows exists', async () => {
  const names = new Set(COMMANDS.map(({ name }) => name));
  const unknown: string[] = [];
  for (const page of await pages()) {
    const code = [...(await read(page)).matchAll(/```(?:sh|console)\n([\s\S]*?)```|`(tasks [^`\n]+)`/g)].map(([, block, inline]) => block ?? inline ?? '').join('\n');
    for (const [, name = ''] of code.matchAll(/(?:^|npx |\$ )tasks ([a-z][a-z-]+)/gm)) if (!names.has(name)) unknown.push(`${page}: tasks ${name}`);
  }
  expect(unknown).toEqual([]);
});

test('limits that the pages state are those of the code', async () => {
  const number = (value: number): string => value.toLocaleString('en');
  const text = (await Promise.all((await pages()).map(read))).join('\n');
  const facts = [`${number(MAX_TASKS)} tasks`, `${number(MAX_DEPENDENCIES)} dependencies`, `last ${number(EVENT_WINDOW)} events`];
  expect(facts.filter((fact) => !text.includes(fact))).toEqual([]);
});
