/** Adds requirements to the end of a requirements.txt. */
import { parseRequirements } from '../python/requirement.ts';

export interface NewRequirement {
  readonly name: string;
  /** What another project requires, such as `>=2.31`. */
  readonly range?: string | undefined;
  readonly version: string;
}

/** Where everything is pinned, so is what is added; otherwise pip may choose. */
export const requirementText = ({ name, range, version }: NewRequirement, text: string): string => {
  const pinned = parseRequirements(text);
  const isPinned = pinned.length > 0 && pinned.every((one) => one.text.includes('=='));
  return `${name}${range ?? (isPinned ? `==${version}` : '')}`;
};

export const addRequirements = (text: string, added: readonly NewRequirement[]): string => {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const start = text === '' || text.endsWith('\n') ? text : text + eol;
  return start + added.map((one) => requirementText(one, text) + eol).join('');
};
