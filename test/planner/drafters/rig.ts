/** A small specification with its requirements and a code base, made by hand; drafters that answer what was recorded. */
import { readFileSync } from 'node:fs';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { CodebaseAnalysis } from '../../../planner/codebase/analysis.ts';
import type { Section, SpecDocument } from '../../../planner/document/document.ts';
import type { DraftRequest } from '../../../planner/drafters/draft-request.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import type { RequirementUnit, Requirements } from '../../../planner/requirements/unit.ts';
import { sha256 } from '../../../planner/artifacts/content-hash.ts';

export const SPEC = `# Shared expenses

Flatmates keep one list of what they spent.

## Sign in

- FR-1: The system MUST let flatmates sign in with a passcode.
- FR-2: Sessions MUST end after 30 minutes without use.

## Bills

- FR-3: The system MUST let flatmates record a bill with amount,
  payer and date.
- FR-4: The system MUST split a bill equally.
- FR-5: The system SHOULD show who owes what.
- FR-6: Balances MUST be computed within 200 ms.

## Export

- FR-7: The system MAY export bills as CSV.

The export token is api_key=sk-live-1234567890abcdefXYZ and stays here.
`;

export const documentOf = (text: string, name = 'spec.md'): SpecDocument => {
  const sections: Section[] = [];
  for (const match of text.matchAll(/^(#{1,3}) (.+)$/gm)) sections.push({ index: sections.length + 1, title: match[2] ?? '', depth: match[1]?.length ?? 1, label: `H${match[1]?.length ?? 1}: ${match[2] ?? ''}`, kind: 'content', start: match.index, end: text.length });
  const before: Section = { index: 0, title: '', depth: 0, label: 'Beginning', kind: 'content', start: 0, end: text.length };
  const all = [before, ...sections].map((section, at, list) => ({ ...section, end: list[at + 1]?.start ?? text.length }));
  return { name, text, hash: sha256(text), title: sections[0]?.title ?? 'A document', sections: all };
};

const STRENGTH = { MUST: 'must', SHOULD: 'should', MAY: 'may' } as const;

/** Every list item with a key is a requirement. */
export const requirementsOf = (document: SpecDocument): Requirements => {
  const units: RequirementUnit[] = [];
  for (const { index, 0: whole, 1: key = '', 2: text = '' } of document.text.matchAll(/(FR-\d+): ((?:[^\n]|\n {2})+)/g)) {
    const end = index + whole.length;
    const word = /\b(MUST|SHOULD|MAY)\b/.exec(text)?.[1] as keyof typeof STRENGTH | undefined;
    const section = document.sections.findLast(({ start }) => start <= index);
    const lineOf = (offset: number): number => document.text.slice(0, offset).split('\n').length;
    units.push({
      id: `R${String(units.length + 1).padStart(3, '0')}`,
      key,
      kind: /\d+ ms/.test(text) ? 'quality' : 'functional',
      strength: word ? STRENGTH[word] : 'stated',
      rule: 'modal',
      section: section?.index ?? 0,
      text: text.replace(/\s+/g, ' '),
      start: index,
      end,
      evidence: { quote: whole, loc: { start: index, end }, section: section?.label ?? '', startLine: lineOf(index), endLine: lineOf(end) },
      mentions: [],
    });
  }
  return { units, excludes: [], alternatives: [], clarifications: [] };
};

export const CODEBASE: CodebaseAnalysis = {
  ...EMPTY_ANALYSIS,
  languages: [{ language: 'typescript', files: 12 }],
  files: ['src/auth/session-store.ts', 'src/ledger/ledger.ts', 'package.json'],
  symbols: [
    { name: 'SessionStore', kind: 'class', file: 'src/auth/session-store.ts', line: 12, isExported: true, bases: [] },
    { name: 'Ledger', kind: 'interface', file: 'src/ledger/ledger.ts', line: 3, isExported: true, bases: [] },
  ],
  existingApis: ['SessionStore', 'Ledger'],
  extensionPoints: ['Ledger'],
  components: ['SessionStore'],
  commands: { test: 'npm test', testOnly: 'npm test -- {}', typecheck: 'npm run typecheck' },
  sourceRoots: ['src'],
  testRoots: ['test'],
};

export const specification = (): { readonly document: SpecDocument; readonly requirements: Requirements; readonly codebase: CodebaseAnalysis } => {
  const document = documentOf(SPEC);
  return { document, requirements: requirementsOf(document), codebase: CODEBASE };
};

export const recorded = (name: string): unknown => JSON.parse(readFileSync(new URL(`recorded/${name}.json`, import.meta.url), 'utf8'));

/** Answers one recording after the other, the last one for ever; remembers what it was asked. */
export const recordedDrafter = (...names: readonly string[]): Drafter & { readonly asked: readonly DraftRequest[] } => {
  const asked: DraftRequest[] = [];
  return {
    name: 'recorded',
    variant: names.join(','),
    asked,
    draft: async (request) => {
      asked.push(request);
      return { ok: true, value: recorded(names[Math.min(asked.length, names.length) - 1] ?? '') };
    },
  };
};
