/** How drafters fail: one code, one line, no secrets. */
import { redact, secretNeedles } from '../../model/redact.ts';
import type { Problem } from '../../model/problem.ts';
import { printable } from '../../planner/read/line-index.ts';

const MAX_TEXT = 400;

/** Words of somebody else within a message: one line, short, without secrets. */
export const shownText = (text: string, secrets: readonly string[] = []): string => {
  const flat = printable(redact(text, secretNeedles(secrets)).replace(/\s+/g, ' ').trim());
  return flat.length > MAX_TEXT ? `${flat.slice(0, MAX_TEXT)}…` : flat;
};

export const drafterProblem = (drafter: string, message: string, hint?: string): Problem => ({
  code: 'TASKS1608',
  message: `the drafter ${drafter} ${message}`,
  ...(hint !== undefined && { hint }),
});
