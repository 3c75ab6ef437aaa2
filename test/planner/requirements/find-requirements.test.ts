import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describe as describeText } from '../../../planner/document/read-document.ts';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import { REDACTED } from '../../../planner/requirements/redact-quote.ts';
import type { Requirements } from '../../../planner/requirements/unit.ts';
import { MAX_CLARIFICATIONS } from '../../../planner/requirements/unit.ts';
import { documentOf, madeSections, markdownOf } from '../document/documents.ts';
import type { MadeSection } from '../document/documents.ts';

const find = (text: string): Requirements => findRequirements(documentOf(text));
const unitsOf = (text: string): readonly string[] => find(text).units.map(({ rule, kind, strength, text: said }) => `${rule} ${kind} ${strength}: ${said}`);

test.each([
  ['The client MUST NOT retry.', 'rfc-must prohibition must: The client MUST NOT retry.'],
  ['Servers SHOULD compress their answers.', 'rfc-should functional should: Servers SHOULD compress their answers.'],
  ['A client MAY cache the list.', 'rfc-may functional may: A client MAY cache the list.'],
  ['The export should be sorted by its date and time.', 'modal-should functional should: The export should be sorted by its date and time.'],
  ['Passwords need to be hashed before they are stored anywhere.', 'modal-need functional must: Passwords need to be hashed before they are stored anywhere.'],
  ['The server will send a receipt to the buyer by mail.', 'modal-will functional must: The server will send a receipt to the buyer by mail.'],
  ['When a file arrives, the system shall scan it.', 'ears-event functional must: When a file arrives, the system shall scan it.'],
  ['While offline, the app must queue changes.', 'ears-state functional must: While offline, the app must queue changes.'],
  ['Where a proxy is set, the client shall use it.', 'ears-option functional must: Where a proxy is set, the client shall use it.'],
  ['If the disk is full, then the job shall stop.', 'ears-unwanted functional must: If the disk is full, then the job shall stop.'],
  ['As a buyer, I want a receipt, so that I can claim it.', 'user-story functional stated: As a buyer, I want a receipt, so that I can claim it.'],
  ['Given a cart, when it is paid, then a receipt is sent.', 'scenario scenario stated: Given a cart, when it is paid, then a receipt is sent.'],
  ['**FR-7**: Orders are kept.', 'keyed functional stated: FR-7: Orders are kept.'],
  ['- NFR-2: Pages must load in under 2 s', 'keyed quality must: NFR-2: Pages must load in under 2 s'],
  ['- [ ] Rate limits', 'checkbox functional stated: Rate limits'],
  ['- Add a filter by date', 'imperative functional stated: Add a filter by date'],
  ['- `POST /api/items`: creates one', 'endpoint interface stated: POST /api/items: creates one'],
  ['- `--dry-run`: says what it would do', 'flag interface stated: --dry-run: says what it would do'],
  ['- `APP_TOKEN`: who one is', 'variable interface stated: APP_TOKEN: who one is'],
  ['- `cache.ttl`: how long', 'config-key interface stated: cache.ttl: how long'],
  ['Every page loads in under 2 seconds.', 'quality-bound quality stated: Every page loads in under 2 seconds.'],
  ['## Features\n\n- Export as CSV', 'feature-item functional stated: Export as CSV'],
  ['## Roadmap\n\n1. Storage module', 'roadmap-item functional stated: Storage module'],
  ['## Testing\n\n- Presets - all resolve', 'test-item scenario stated: Presets - all resolve'],
  ['## Acceptance criteria\n\n- History is kept', 'acceptance-item scenario stated: History is kept'],
  ['## Security\n\n- Works behind a proxy', 'quality-item quality stated: Works behind a proxy'],
  ['## Key Entities\n\n- **Chore**: a task that recurs', 'entity interface stated: Chore: a task that recurs'],
  ['## Architecture\n\n- Backend: a server with Express', 'design-item functional stated: Backend: a server with Express'],
  ['## Features\n\n### Export as CSV\n\nPeople love it.', 'feature-heading functional stated: Export as CSV'],
  ['| Option | Meaning |\n|-|-|\n| `--tag` | Only this tag |', 'option-row interface stated: --tag — Only this tag'],
  ['| ID | Requirement |\n|-|-|\n| REQ-4 | Users must log in |', 'keyed functional must: REQ-4 — Users must log in'],
])('%j is found', (text, unit) => {
  expect(unitsOf(text)).toEqual([unit]);
});

test.each([
  ['code', '```\nThe system must stop.\n```'],
  ['indented code', '# A\n\n    The system must stop.'],
  ['a comment', '<!-- The system must stop. -->'],
  ['a quoted licence', '> Copyright (c) 2020 A. The above notice shall be included. Permission is hereby granted to anyone.'],
  ['a licence', '# Licence\n\nYou must keep this notice.'],
  ['a table of contents', '# Contents\n\n- Users must log in'],
  ['references', '# References\n\n- The system must be seen'],
  ['a template\'s own instructions', '# A\n\n## Quick Guidelines\n\n- You must focus\n\n### For AI Generation\n\n1. Add marks'],
  ['why something is wanted', '# Background\n\nToday, users need to wait, and can be annoyed.'],
  ['a ticked box', '- [x] Written for everybody'],
  ['a clarification', '- Q: How many must there be? → A: 12 at most must be'],
  ['a meaning', 'An order is a list of items.'],
])('%s asks for nothing', (_, text) => {
  expect(unitsOf(text)).toEqual([]);
});

test('what is out of scope is excluded, and is no requirement', () => {
  const { units, excludes } = find('# A\n\n## Non-goals\n\n- Replace the mail server\n\n## Plan\n\n- Add a list\n- **Future enhancements:** accounts. (Out of scope for MVP)\n\nRefunds are out of scope. The shop must sell.\n\n**Out of scope:**\n\n- Add wishes\n');
  expect(units.map(({ text }) => text)).toEqual(['Add a list', 'The shop must sell.']);
  expect(excludes.map(({ text }) => text)).toEqual(['Replace the mail server', 'Future enhancements: accounts. (Out of scope for MVP)', 'Refunds are out of scope.', 'Add wishes']);
});

test('alternatives are told apart', () => {
  const { units, alternatives } = find('# A\n\nAdd a queue.\n\n## Alternatives considered\n\n- A file must be polled\n');
  expect([units.length, alternatives.map(({ text }) => text)]).toEqual([1, ['A file must be polled']]);
});

test('a numbered feature is one unit, with what is below it', () => {
  const { units } = find('# Core features\n\n1. **Input:** A field.\n   - *Why:* People need it.\n   - *How:* A form with one field.\n2. **Display:** A page.\n');
  expect(units.map(({ id, parent, text }) => [id, parent, text])).toEqual([
    ['R001', undefined, 'Input: A field.'],
    ['R002', 'R001', 'How: A form with one field.'],
    ['R003', undefined, 'Display: A page.'],
  ]);
});

test('items below a binding sentence are as binding', () => {
  const { units } = find('The export must hold:\n\n- the date\n- the amount of money\n');
  expect(units.map(({ rule, strength, parent }) => [rule, strength, parent])).toEqual([['modal-must', 'must', undefined], ['listed-under', 'must', 'R001'], ['listed-under', 'must', 'R001']]);
});

test('an interface below a binding sentence is as binding', () => {
  const { units } = find('The command must take:\n\n- `--dry-run`: says what it would do\n- ---file:a.json: a fence\n');
  expect(units.map(({ rule, strength }) => [rule, strength])).toEqual([['modal-must', 'must'], ['flag', 'must'], ['listed-under', 'must']]);
});

test('a heading with an id gives it to what stands below', () => {
  const { units } = find('# Stories\n\n### US-1: Log in\n\nAs a user, I want to log in.\n\n- Add a form\n\n### US-2: Log out\n\n#### Acceptance\n\n- The session ends\n');
  expect(units.map(({ key, parent, text }) => [key, parent, text])).toEqual([
    ['US-1', undefined, 'As a user, I want to log in.'],
    [undefined, 'R001', 'Add a form'],
    ['US-2', undefined, 'US-2: Log out'],
    [undefined, 'R003', 'The session ends'],
  ]);
});

test('what a unit names is resolved: keys, ranges, numbers of the same list', () => {
  const { units } = find('- FR-1: The a must be.\n- FR-2: The b must be, see FR-1.\n- FR-3: The c must be, after FR-1 to FR-2.\n- __proto__-1 must be FR-9.\n\n# Roadmap\n\n1. Storage\n2. Codes\n3. Endpoint (depends on 1 & 2)\n4. It takes 3 retries, after 2 s\n');
  expect(units.map(({ mentions }) => mentions)).toEqual([[], ['R001'], ['R001', 'R002'], [], [], [], ['R005', 'R006'], []]);
});

test('given, when and then in items of their own are one scenario', () => {
  const { units } = find('# Acceptance\n\n- Given a cart\n- When it is paid\n- Then a receipt is sent\n- And the cart is empty\n- Given nothing\n- Then nothing\n');
  expect(units.map(({ evidence }) => evidence.quote)).toEqual(['Given a cart\n- When it is paid\n- Then a receipt is sent\n- And the cart is empty', 'Given nothing\n- Then nothing']);
});

test('the same wording twice is one unit, as binding as the stronger', () => {
  const { units } = find('# Features\n\n- Keep the orders of a year\n\n# Requirements\n\n- FR-1: **Keep** the orders of a year\n- FR-2: Keep the orders of a year\n');
  expect(units.map(({ key, text }) => [key, text])).toEqual([['FR-1', 'Keep the orders of a year'], ['FR-2', 'FR-2: Keep the orders of a year']]);
});

test('an id that is given twice is one unit\'s, and is asked about', () => {
  const { units, clarifications } = find('- FR-1: The page must load.\n- FR-1: The list must sort.\n');
  expect(units.map(({ key }) => key)).toEqual(['FR-1', undefined]);
  expect(clarifications).toMatchObject([{ rule: 'key-twice', kind: 'open_question' }]);
});

test('a description of a few words asks for what it names', () => {
  const read = describeText('User accounts with OAuth');
  expect(read.ok && findRequirements(read.value).units.map(({ rule, text }) => [rule, text])).toEqual([['described', 'User accounts with OAuth']]);
});

test('secrets are not quoted, and move no offset', () => {
  const text = '- Add the key: `api_key = sk-live-4242abcd4242efgh` to the store\n- Password: must have 8 characters\n- Use postgres://bob:s3cr3t@db/x for now\n';
  const { units } = find(text);
  expect(units.map(({ evidence }) => evidence.quote)).toEqual(['Add the key: `api_key = [REDACTED]` to the store', 'Password: must have 8 characters', 'Use postgres://bob:[REDACTED]@db/x for now']);
  expect(units.map(({ start, end }) => text.slice(start, end).replace(/sk-live-\w+|s3cr3t/, REDACTED))).toEqual(units.map(({ evidence }) => evidence.quote));
  expect(units.map(({ text: said }) => said).join()).not.toMatch(/s3cr3t|4242/);
});

const withoutPlaces = ({ units, excludes, alternatives }: Requirements): readonly string[] =>
  [...units.map(({ rule, kind, strength, key, text, evidence }) => JSON.stringify([rule, kind, strength, key, text, evidence.section])), ...[...excludes, ...alternatives].map(({ text }) => text)].toSorted();

const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.array(fc.constantFrom('The system must go. ', 'FR-1: ', '- ', '\n', '\r\n', '\t', '  ', '1. ', '> ', '| a | b |\n|-|-|\n', '`', '```\n', '**a**: ', '# ', '[ ] ', 'Given a, when b, then c', '? ', '\uDC00', '\uD83D', '<!--', '-->', 'password=abc123def', 'depends on 1, 2', 'Out of scope:', '__proto__', 'constructor'), { maxLength: 80 }).map((parts) => parts.join('')),
  madeSections.map((sections) => markdownOf(sections)),
  madeSections.map((sections) => markdownOf(sections, '\r\n')),
);

test('whatever a document holds: quotes are what stands there, ids and references are sound, twice is the same', () => {
  fc.assert(
    fc.property(anything, (input) => {
      const read = describeText(input);
      if (!read.ok) return;
      const document = read.value;
      const found = findRequirements(document);
      const { units, excludes, alternatives, clarifications } = found;
      for (const { evidence } of [...units, ...excludes, ...alternatives, ...clarifications]) {
        const { quote, loc, startLine, endLine } = evidence;
        const slice = document.text.slice(loc.start, loc.end);
        if (!quote.includes(REDACTED)) expect(quote).toBe(slice);
        for (const part of quote.split(REDACTED)) expect(slice).toContain(part);
        expect(quote).toMatch(/\S/);
        expect(startLine).toBe(document.text.slice(0, loc.start).split(/\r\n|\n|\r/).length);
        expect(endLine).toBeGreaterThanOrEqual(startLine);
      }
      const ids = units.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const keys = units.flatMap(({ key }) => (key === undefined ? [] : [key]));
      expect(new Set(keys).size).toBe(keys.length);
      for (const unit of units) {
        for (const other of [...unit.mentions, ...(unit.parent === undefined ? [] : [unit.parent])]) {
          expect(ids).toContain(other);
          expect(other).not.toBe(unit.id);
        }
        expect(document.sections[unit.section]?.kind).toBe('content');
      }
      expect(units.map(({ start }) => start)).toEqual(units.map(({ start }) => start).toSorted((a, b) => a - b));
      expect(clarifications.length).toBeLessThanOrEqual(MAX_CLARIFICATIONS);
      expect(findRequirements(document)).toEqual(found);
    }),
    { numRuns: 100 },
  );
});

const distinct = (sections: readonly MadeSection[]): readonly MadeSection[] =>
  sections.map(({ title, body }, index) => ({ title, body: body.replaceAll(/\b(user|order|report|cache|index|token|queue|page|invoice|search)\b/g, (word) => `${word}${'abcdefgh'[index] ?? 'z'}`) }));

test('sections that are moved around change nothing but places', () => {
  fc.assert(
    fc.property(madeSections.map(distinct), (sections) => {
      const one = markdownOf(sections);
      const other = markdownOf(sections.toReversed());
      expect(withoutPlaces(find(other))).toEqual(withoutPlaces(find(one)));
    }),
    { numRuns: 60 },
  );
});

test('a document of 1 MiB is read in a second, one of 100 KB in a quarter of that', () => {
  const page = markdownOf(Array.from({ length: 20 }, (_, index) => ({ title: `Part ${String(index)}`, body: `The part ${String(index)} must keep **orders** of a year. It is old.\n\n- FR-${String(index)}: Users must see \`it\`, e.g. at night.\n- Add a filter by date\n\n| Option | Meaning |\n|-|-|\n| \`--part-${String(index)}\` | A part |\n` })));
  const millisecondsFor = (size: number): number => {
    const text = page.repeat(Math.ceil(size / page.length)).slice(0, size);
    const before = process.cpuUsage().user;
    find(text);
    return (process.cpuUsage().user - before) / 1_000;
  };
  millisecondsFor(100_000);
  // Measured: a third of these. Machines that do other things as well get twice the time.
  expect(millisecondsFor(100_000)).toBeLessThan(500);
  expect(millisecondsFor(1_048_576)).toBeLessThan(15_000);
});
