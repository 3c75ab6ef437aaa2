import { expect, test } from 'vitest';
import { paint, widthOf } from '../../../../client/cli/markup.ts';
import { lineView } from '../../../../client/cli/view/line-view.ts';
import { RunBoard } from '../../../../client/cli/view/run-board.ts';
import { EXECUTION, START } from '../support/fake-client.ts';
import { EVENTS } from './fixtures.ts';

const linesAt = (width: number, options: { verbose?: boolean; timeFormat?: 'relative' | 'iso' | 'raw' } = {}): string[] => {
  const lines: string[] = [];
  const board = new RunBoard();
  const view = lineView({
    execution: EXECUTION,
    write: (line) => lines.push(paint(line, false)),
    width,
    timeFormat: options.timeFormat ?? 'relative',
    verbose: options.verbose ?? false,
    now: () => START,
    titles: new Map([['install', 'Install \u001B[31mthe\npackages']]),
  });
  for (const event of EVENTS) {
    board.apply(event);
    view.event(event, board);
  }
  return lines;
};

test.each([40, 80, 200])('the line view at %i columns', async (width) => {
  const lines = linesAt(width);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/line-view-${width}.txt`);
  // Commands to copy are the only thing that may be wider.
  for (const line of lines) if (!line.trim().startsWith('tasks ')) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

test('nothing that a task wrote reaches the terminal as a control sequence or a line of its own', () => {
  const lines = linesAt(0);
  expect(lines.join('')).not.toMatch(/[^\P{Cc}\t]/u);
  expect(lines.find((line) => line.includes('Install'))).toContain('→ install (Install the packages)');
});

test('a task that waits for a person comes with the exact command', () => {
  expect(linesAt(40)).toContain(`      tasks complete ${EXECUTION} review`);
});

test('counts come by the events’ own clock, not at every event', () => {
  const counts = linesAt(0).filter((line) => /^ +\d+\/\d+ done/.test(line));
  expect(counts).toEqual([
    '   2/7 done · 1 failed · 1 blocked by a failure',
    '   3/8 done · 1 skipped · 1 cancelled · 1 failed · 1 blocked by a failure',
  ]);
});

test('progress, of which little is told, has lines of its own', () => {
  expect(linesAt(0).some((line) => line.includes('50 %'))).toBe(true);
  expect(linesAt(0, { verbose: true }).some((line) => line.includes('50 %'))).toBe(true);
});

test.each([
  ['relative', '00:01 → install'],
  ['iso', '2026-01-15T09:00:01.000Z → install'],
  ['raw', `${START + 1_000} → install`],
] as const)('times are %s', (timeFormat, start) => {
  expect(linesAt(0, { timeFormat })[1]?.startsWith(start)).toBe(true);
});

test('the status line says what runs, and is redrawn at most ten times a second', () => {
  let now = START;
  const drawn: (string | undefined)[] = [];
  const board = new RunBoard();
  const view = lineView({ execution: EXECUTION, write: () => {}, status: (text) => drawn.push(text && paint(text, false)), width: 80, timeFormat: 'relative', verbose: false, now: () => now });
  for (const event of EVENTS.slice(0, 5)) {
    board.apply(event);
    view.event(event, board);
  }
  expect(drawn).toHaveLength(1);
  now = START + 9_000;
  view.tick?.(board);
  expect(drawn.at(-1)).toBe('1/7 done · 2 running · build 6.0s, test 5.0s');
  view.close?.();
  expect(drawn.at(-1)).toBeUndefined();
});
