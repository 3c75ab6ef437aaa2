import { expect, test } from 'vitest';
import { oneLine, paint, style, truncate, widthOf } from '../../../client/cli/markup.ts';

const ESCAPE = '\u001B';

test.each([
  ['colours', `${ESCAPE}[31mred${ESCAPE}[0m`, 'red'],
  ['clearing the screen', `${ESCAPE}[2J${ESCAPE}[Hgone`, 'gone'],
  ['a link', `${ESCAPE}]8;;http://evil\u0007text${ESCAPE}]8;;\u0007`, 'text'],
  ['eight-bit sequences', '\u009B31mred', 'red'],
  ['overwriting the line', 'failed\rsucceeded', 'failed\nsucceeded'],
  ['backspaces', 'bad\b\b\bgood', 'badgood'],
  ['a bell', 'ding\u0007', 'ding'],
  ['turning text around', 'abc\u202Edef\u202C', 'abcdef'],
])('text of a task cannot use %s', (_what, text, shown) => {
  expect(paint(text, false)).toBe(shown);
  expect(paint(text, true)).toBe(shown);
});

test('nothing that was written by a task is left to bring a terminal out of order', () => {
  const every = Array.from({ length: 0x200 }, (_, code) => String.fromCodePoint(code)).join('');
  expect(paint(every + ESCAPE + every, false)).not.toMatch(/[^\P{Cc}\n\t]/u);
});

test('a title stays on its line', () => {
  expect(oneLine('one\n\n  ✓ everything succeeded\r\n')).toBe('one ✓ everything succeeded');
});

test('styles nest, end where they end, and vanish without colour', () => {
  const text = style('red', `failed ${style('bold', 'x')} again`);
  expect(paint(text, false)).toBe('failed x again');
  expect(paint(text, true)).toBe(`${ESCAPE}[31mfailed ${ESCAPE}[1mx${ESCAPE}[0m${ESCAPE}[31m again${ESCAPE}[0m`);
  expect(paint('\uF8E2never closed', true)).toBe(`${ESCAPE}[31mnever closed${ESCAPE}[0m`);
});

test.each([5, 10, 40])('cut text fits into %i columns, whatever it is made of', (width) => {
  for (const text of ['plain text that is long enough', '漢字漢字漢字漢字漢字漢字', '👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦', style('red', 'x'.repeat(50))]) {
    const cut = truncate(text, width);
    expect(widthOf(cut)).toBeLessThanOrEqual(width);
    expect(paint(cut, true).endsWith('m')).toBe(text.startsWith('\uF8E2'));
  }
});
