/** docs/drafters.md says what the options, the limits and the request are. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DEFAULT_DRAFTER_TIMEOUT, DRAFTER_OPTIONS, DRAFTERS } from '../../client/cli/drafter-options.ts';
import { MAX_SYMBOLS } from '../../planner/drafters/describe-codebase.ts';
import { MAX_DOCUMENT_CHARACTERS, MAX_REQUIREMENTS } from '../../planner/drafters/draft-request.ts';
import { MOST_BY_FILES, MOST_BY_INTERFACE, MOST_BY_QUOTE, MOST_UNSUPPORTED } from '../../planner/drafters/verify/check-dependencies.ts';
import { verifyDraft } from '../../planner/drafters/verify-draft.ts';
import { draftWork } from '../../planner/breakdown/break-down.ts';
import { request } from '../planner/drafters/conformance.ts';
import { specification } from '../planner/drafters/rig.ts';

const page = await readFile(new URL('../../docs/drafters.md', import.meta.url), 'utf8');

test('every option and drafter is there', () => {
  expect([...page.matchAll(/^\| `--([a-z-]+)` \|/gm)].map(([, name]) => name)).toEqual(DRAFTER_OPTIONS.map(({ name }) => name));
  for (const name of DRAFTERS) expect(page).toContain(`\`${name}\``);
});

test('limits are those of the code', () => {
  const number = (value: number): string => value.toLocaleString('en');
  for (const fact of [`${number(MAX_DOCUMENT_CHARACTERS)} characters`, `${MAX_REQUIREMENTS} requirements`, `${MAX_SYMBOLS} symbols`, `${DEFAULT_DRAFTER_TIMEOUT} unless stated`]) expect(page).toContain(fact);
  expect([...page.matchAll(/^\| [^|]+ \| (0\.\d+) \|/gm)].map(([, most]) => Number(most))).toEqual([MOST_BY_INTERFACE, MOST_BY_FILES, MOST_BY_QUOTE, MOST_UNSUPPORTED]);
});

test('every member of a request is there', () => {
  const [, table = ''] = /^\| of the request \| \|\n\|[-|]+\n((?:\|.*\n)+)/m.exec(page) ?? [];
  expect([...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name)).toEqual([...Object.keys(request), 'repair']);
  for (const key of Object.keys(request.codebase)) expect(table).toContain(`\`${key}\``);
});

test('the example of an answer holds', () => {
  const [, example = ''] = /```json\n([\s\S]+?)```/.exec(page) ?? [];
  const against = specification();
  const result = verifyDraft({ ...against, answer: JSON.parse(example), offline: draftWork(against.document, against.requirements, against.codebase) });
  expect(result.ok && result.value.report.filter((line) => /^(?:dropped|repaired)/.test(line))).toEqual([]);
});
