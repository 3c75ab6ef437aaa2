import { expect, test } from 'vitest';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import { MAX_CLARIFICATIONS } from '../../../planner/requirements/unit.ts';
import { documentOf } from '../document/documents.ts';

const asked = (text: string): readonly string[] => findRequirements(documentOf(text)).clarifications.map(({ rule, evidence }) => `${rule}: ${evidence.quote}`);

test.each([
  ['The list must be fast.', ['vague-speed: The list must be fast.']],
  ['The list must be fast, that is within 200 ms.', []],
  ['Old pages were fast.', []],
  ['Sign-in uses [NEEDS CLARIFICATION: which method?].', ['needs-clarification: [NEEDS CLARIFICATION: which method?]']],
  ['The limit is TBD.', ['to-be-decided: TBD']],
  ['- Who may delete an order?', ['question: Who may delete an order?']],
  ['- Who may delete an order? Only its owner can do that.', []],
  ['- Q: Who may delete an order? → A: Its owner', []],
  ['Q: Who may delete an order?\n\nA: Its owner.', []],
  ['- Who may delete an order?\n  - Its owner', []],
  ['# Open questions\n\n- Which database do we take?\n', ['question: Which database do we take?']],
  ['# References\n\n- Is it TBD?\n', []],
  ['```\nTBD?\n```', []],
])('%j asks %j', (text, questions) => {
  expect(asked(`# A\n\n${text}`)).toEqual(questions);
});

test('the gravest come first, and no more than a few', () => {
  const vague = Array.from({ length: 20 }, (_, index) => `- Page ${String(index)} must be modern`).join('\n');
  const questions = asked(`# Features\n\n${vague}\n- The list should be fast\n- Who sees it, and when?\n- The limit is TBD\n- It uses [NEEDS CLARIFICATION: what]`);
  expect(questions).toHaveLength(MAX_CLARIFICATIONS);
  expect(questions.slice(0, 5)).toEqual(['needs-clarification: [NEEDS CLARIFICATION: what]', 'to-be-decided: TBD', 'question: Who sees it, and when?', 'vague-speed: The list should be fast', 'vague-look: Page 0 must be modern']);
});
