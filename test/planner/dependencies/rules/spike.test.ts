/** What is found out informs, and never gates. */
import { expect, test } from 'vitest';
import { found } from '../planned.ts';

test('a spike informs its feature, and what names the same two things', () => {
  const tasks = [
    { id: 'A', title: 'Evaluate WebSocket delivery libraries', feature: 'F1' },
    { id: 'B', title: 'Build the board', feature: 'F1' },
    { id: 'C', title: 'Build WebSocket delivery of reminders', feature: 'F2' },
    { id: 'D', title: 'Build delivery of mail', feature: 'F3' },
    { id: 'E', title: 'Test the board', feature: 'F1' },
  ];
  const { dependencies, of } = found({ tasks });
  const informed = dependencies.filter(({ type }) => type === 'knowledge');
  expect(informed.map(({ from, to, confidence, isHard }) => [from, to, confidence, isHard])).toEqual([
    ['A', 'B', 0.7, false],
    ['A', 'C', 0.6, false],
  ]);
  expect(of('A', 'B')?.reason).toBe('What A finds out informs B');
  expect(of('A', 'B')?.evidence.map(({ type }) => type)).toEqual(['rule', 'doc']);
});
