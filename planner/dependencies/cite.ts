/** Evidence of dependencies, in its four kinds. Quotes come from evidence that is redacted already. */
import type { SourceEvidence } from '../artifacts/scalars.schema.ts';
import type { CodeSymbol } from '../codebase/analysis.ts';
import type { Context, Step } from './context.ts';
import type { Evidence, Rule } from './rule.ts';
import { shortened } from './words.ts';

export const byRule = (rule: Rule, reason: string): Evidence => ({ type: 'rule', reason, confidence: rule.confidence });

export const byInfrastructure = (reason: string, confidence: number): Evidence => ({ type: 'infrastructure', reason, confidence });

export const bySymbol = (rule: Rule, { name, kind, file, line }: CodeSymbol): Evidence => ({
  type: 'codebase',
  reason: `${file}:${line} has the ${kind.replace('_', ' ')} ${name}`,
  confidence: rule.confidence,
});

export const byQuote = (rule: Rule, { quote, startLine }: Pick<SourceEvidence, 'quote' | 'startLine'>): Evidence => ({
  type: 'doc',
  reason: `Line ${startLine}: "${shortened(quote)}"`,
  confidence: rule.confidence,
});

/** Where the document speaks of something for the sake of a task: the first requirement with one of the words; nothing where none has. */
export const byMention = (rule: Rule, { step, words, wordsIn }: { readonly step: Step; readonly words: readonly string[] } & Pick<Context, 'wordsIn'>): readonly Evidence[] => {
  const said = step.units.find((unit) => words.some((word) => wordsIn(unit).has(word)));
  return said ? [byQuote(rule, said.evidence)] : [];
};

/** The first requirement that both serve; nothing where there is none. */
export const byShared = (rule: Rule, one: Step, other: Step): readonly Evidence[] => {
  const both = other.units.find(({ id }) => one.unitIds.has(id));
  return both ? [byQuote(rule, both.evidence)] : [];
};
