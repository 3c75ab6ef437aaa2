/** Indexes over what a draft is held against. */
import { Layout } from '../../breakdown/layout.ts';
import type { CodebaseAnalysis, CodeSymbol } from '../../codebase/analysis.ts';
import type { SpecDocument } from '../../document/document.ts';
import { didYouMean } from '../../read/words.ts';
import type { RequirementUnit, Requirements } from '../../requirements/unit.ts';
import { redactedText } from '../redacted-text.ts';
import { Findings } from './findings.ts';
import { QuoteFinder } from './quote-finder.ts';
import type { View } from './view.ts';

/** So many unknown names are compared with all that are known. */
const MAX_SUGGESTIONS = 50;

export interface MakeViewOptions {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  /** As in the request. */
  readonly secrets?: readonly string[];
}

export const makeView = ({ document, requirements, codebase, secrets = [] }: MakeViewOptions): View => {
  const units = new Map<string, RequirementUnit>(requirements.units.map((unit) => [unit.id, unit]));
  for (const unit of requirements.units) if (unit.key !== undefined && !units.has(unit.key)) units.set(unit.key, unit);
  const symbols = new Map<string, CodeSymbol>();
  // Of several of one name the one that others can use counts, else the first.
  for (const symbol of codebase.symbols) if (!symbols.has(symbol.name) || (symbol.isExported && symbols.get(symbol.name)?.isExported === false)) symbols.set(symbol.name, symbol);
  let suggestions = 0;
  return {
    units,
    quotes: new QuoteFinder(document, redactedText(document.text, secrets)),
    codebase,
    symbols,
    suggest: (name) => {
      suggestions += 1;
      return suggestions > MAX_SUGGESTIONS ? undefined : didYouMean(name.slice(0, 100), symbols.keys());
    },
    commands: codebase.commands,
    layout: new Layout(codebase),
    findings: new Findings(),
  };
};
