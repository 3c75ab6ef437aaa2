/** What drafts are held against. */
import type { ProjectCommands, CodebaseAnalysis, CodeSymbol } from '../../codebase/analysis.ts';
import type { Layout } from '../../breakdown/layout.ts';
import type { SourceEvidence } from '../../artifacts/scalars.schema.ts';
import type { RequirementUnit } from '../../requirements/unit.ts';
import { quote } from '../../read/words.ts';
import type { Findings } from './findings.ts';
import type { QuoteFinder } from './quote-finder.ts';

export interface View {
  readonly units: ReadonlyMap<string, RequirementUnit>;
  readonly quotes: QuoteFinder;
  readonly codebase: CodebaseAnalysis;
  /** By name; tests are no symbols to build upon. */
  readonly symbols: ReadonlyMap<string, CodeSymbol>;
  /** "Did you mean …?" */
  readonly suggest: (name: string) => string | undefined;
  readonly commands: ProjectCommands;
  readonly layout: Layout;
  readonly findings: Findings;
}

export interface Cited {
  /** In the order of the document. */
  readonly units: readonly RequirementUnit[];
  readonly evidence: readonly SourceEvidence[];
}

/** Of one item. */
const MAX_QUOTES = 12;

/** Requirements that there are, quotes that are true; the rest is told. Requirements are found by their ids and by their keys in the document. */
export const citedBy = (view: View, where: string, { quotes, requirements }: { readonly quotes: readonly string[]; readonly requirements: readonly string[] }): Cited => {
  const units = new Set<RequirementUnit>();
  for (const id of requirements) {
    const unit = view.units.get(id.trim());
    if (unit) units.add(unit);
    else view.findings.add('dropped', where, `there is no requirement ${quote(id)}`);
  }
  const near = [...units];
  const evidence: SourceEvidence[] = [];
  for (const text of quotes.slice(0, MAX_QUOTES)) {
    if (text.trim() === '') continue;
    const found = view.quotes.find(text, near);
    if (!found) {
      view.findings.add('dropped', where, `${quote(text)} does not stand in the document`);
      continue;
    }
    if (found.isRepaired) view.findings.add('repaired', where, `${quote(text)} stands in the document with other white space`);
    const { start, end } = found.evidence.loc;
    if (!evidence.some(({ loc }) => loc.start === start && loc.end === end)) evidence.push(found.evidence);
  }
  return { units: near.toSorted((a, b) => a.start - b.start), evidence: evidence.sort((a, b) => a.loc.start - b.loc.start) };
};
