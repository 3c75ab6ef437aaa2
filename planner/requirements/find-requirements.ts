/**
 * What a document asks for: typed units, each with the rule that found it and the words that say it; what it excludes; what it
 * considered and did not choose; and what is vague or open. The rules are in `rules/` and in `docs/requirements.md`.
 */
import type { SpecDocument } from '../document/document.ts';
import { readBlocks } from '../document/read-blocks.ts';
import { plainText } from '../document/plain.ts';
import { sentencesOf } from '../document/sentences.ts';
import { DESCRIPTION_NAME } from '../document/read-document.ts';
import { evidenceReader } from './evidence.ts';
import type { EvidenceReader } from './evidence.ts';
import type { Aside, Found } from './found.ts';
import { withHeadings } from './headings.ts';
import { canonicalKey } from './keys.ts';
import { lint } from './lint.ts';
import { mentionsAmong } from './mentions.ts';
import { mergeTwins } from './merge.ts';
import { REDACTED } from './redact-quote.ts';
import { STRUCTURE } from './rules/structure.ts';
import { scanDocument } from './scan.ts';
import type { Exclusion, RequirementUnit, Requirements } from './unit.ts';

const MIN_DIGITS = 3;

/** A description of a few words asks for what it names, however it says so. */
const described = ({ name, text }: SpecDocument): readonly Found[] => {
  if (name !== DESCRIPTION_NAME) return [];
  return sentencesOf(text, { start: 0, end: text.length })
    .map(({ start, end }): Found => ({ rule: STRUCTURE.described.id, kind: 'functional', strength: 'stated', start, end, section: 0, plain: plainText(text.slice(start, end)) }))
    .filter(({ plain }) => /\p{L}{3}/u.test(plain) && !plain.endsWith('?'));
};

/** A key is one unit's: a later one that repeats it goes without. */
const uniqueKeys = (units: readonly Found[]): readonly Found[] => {
  const seen = new Set<string>();
  return units.map((unit) => {
    if (unit.key === undefined) return unit;
    const key = canonicalKey(unit.key);
    if (seen.has(key)) delete unit.key;
    seen.add(key);
    return unit;
  });
};

/** On one line, without Markdown, of what may be shown. */
const shown = (quote: string, plain: string): string => (quote.includes(REDACTED) ? plainText(quote) : plain);

const numbered = (found: readonly Found[], { evidenceOf }: EvidenceReader): readonly RequirementUnit[] => {
  const digits = Math.max(MIN_DIGITS, String(found.length).length);
  const idAt = (index: number): string => `R${String(index + 1).padStart(digits, '0')}`;
  const places = new Map(found.map((one, index) => [one, index]));
  const mentions = mentionsAmong(found);
  return found.map((one, index): RequirementUnit => {
    const evidence = evidenceOf(one);
    const parent = one.parent ? places.get(one.parent) : undefined;
    return {
      id: idAt(index),
      ...(one.key === undefined ? {} : { key: one.key }),
      kind: one.kind,
      strength: one.strength,
      rule: one.rule,
      section: one.section,
      text: shown(evidence.quote, one.plain),
      start: one.start,
      end: one.end,
      evidence,
      ...(parent === undefined || parent === index ? {} : { parent: idAt(parent) }),
      mentions: mentions.of(index).map(idAt),
    };
  });
};

export const findRequirements = (document: SpecDocument): Requirements => {
  const blocks = readBlocks(document.text);
  const { found, asides } = scanDocument(document, blocks);
  const all = withHeadings(document, blocks, found);
  const standing = uniqueKeys(mergeTwins(all.length === 0 && asides.length === 0 ? described(document) : all));
  const reader = evidenceReader(document);
  const units = numbered(standing, reader);
  const aside = ({ start, end, plain }: Aside): Exclusion => {
    const evidence = reader.evidenceOf({ start, end });
    return { start, end, text: shown(evidence.quote, plain), evidence };
  };
  return {
    units,
    excludes: asides.filter(({ kind }) => kind === 'excludes').map(aside),
    alternatives: asides.filter(({ kind }) => kind === 'alternatives').map(aside),
    clarifications: lint({ document, blocks, units, reader }),
  };
};
