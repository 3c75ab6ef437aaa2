/** TASKS1303: every task says how much it is, when it is done, what it may touch, and what it logs. */
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, elements, member, saidOf, textOf } from '../item.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1303';

interface Part {
  readonly path: readonly string[];
  readonly isThere: (item: Item) => boolean;
  readonly lacks: string;
  readonly hint: string;
}

const isSaid = (item: Item): boolean => saidOf(item) !== undefined;
const hasSaid = (item: Item): boolean => elements(item).some(isSaid);

const PARTS: readonly Part[] = [
  { path: ['boundaries', 'expected_complexity', 'value'], isThere: (item) => /\d/.test(textOf(item) ?? ''), lacks: 'how much it is', hint: 'A quantity: "~120 LoC", "3 endpoints".' },
  { path: ['boundaries', 'definition_of_done', 'criteria'], isThere: hasSaid, lacks: 'when it is done', hint: 'One or more criteria.' },
  { path: ['boundaries', 'definition_of_done', 'stop_when'], isThere: isSaid, lacks: 'where it stops', hint: 'What is left to other tasks: "Do NOT implement token rotation".' },
  { path: ['boundaries', 'scope', 'includes'], isThere: hasSaid, lacks: 'what it may touch', hint: 'Paths or patterns.' },
  { path: ['boundaries', 'scope', 'excludes'], isThere: (item) => Array.isArray(item.value), lacks: 'what it leaves alone', hint: 'A list; it may be empty.' },
  ...(['on_start', 'on_progress', 'on_completion'] as const).map((key) => ({ path: ['execution_guidance', 'logging', key], isThere: isSaid, lacks: `what it logs ${key.replace('_', ' ')}`, hint: 'What is written where.' })),
];

const lackOf = (task: Item): readonly Finding[] =>
  PARTS.flatMap((part) => {
    const item = at(task, ...part.path);
    if (part.isThere(item)) return [];
    const name = textOf(member(task, 'id')) ?? '';
    return findingAt({ code: CODE, message: `task ${quote(name)} does not say ${part.lacks}: ${part.path.join('.')}`, where: item.where, hint: part.hint });
  });

export const boundaries: Rule = { code: CODE, check: ({ tasks }) => tasks.flatMap(lackOf) };
