/** One task of a draft. Undefined where nothing of it can be held to the document. */
import type { WrittenCheck } from '../../../model/check.schema.ts';
import { threePointSchema } from '../../artifacts/task.schema.ts';
import { commandCheck, metrics } from '../../breakdown/draft-tasks.ts';
import { effortOf, halves } from '../../breakdown/effort.ts';
import { MAX_HOURS } from '../../breakdown/normalise.ts';
import type { CodeSymbol } from '../../codebase/analysis.ts';
import { quote } from '../../read/words.ts';
import { asClause } from '../../wording/clause.ts';
import { shorten } from '../../wording/shorten.ts';
import { slug } from '../../wording/slug.ts';
import { isVerb } from '../../wording/verbs.ts';
import { named } from './findings.ts';
import type { HeldFeature, HeldTask } from './held.ts';
import { checkPaths } from './paths.ts';
import { plainText } from './plain-text.ts';
import type { ReadDraft } from './read-draft.ts';
import { checkChecks } from './task-checks.ts';
import { citedBy } from './view.ts';
import type { Cited, View } from './view.ts';

type DraftedTask = ReadDraft['tasks'][number];

const MAX_TITLE = 90;
const MAX_DESCRIPTION = 1_000;
const MAX_RATIONALE = 300;
/** What can be split into tasks of 8 hours (`planner/breakdown/normalise.ts`). */
const MOST_HOURS = 200;
const MAX_NAMES = 20;

export const checkTask = (draft: DraftedTask, feature: HeldFeature, view: View): HeldTask | undefined => {
  const id = plainText(draft.id, 40);
  const title = plainText(draft.title, 200);
  const where = named('task', id, title);
  if (id === '' || title === '') {
    view.findings.add('dropped', where, 'it has no id or no title');
    return undefined;
  }
  const cited = citedBy(view, where, draft);
  if (cited.units.length === 0 && cited.evidence.length === 0) {
    view.findings.add('dropped', where, 'it cites nothing that the document says');
    return undefined;
  }
  const verbFirst = titleOf(view, where, title);
  const reuse = reuseOf(view, where, draft);
  const written = checkPaths(view, where, draft.writes);
  const writes = written.length > 0 ? written : usualPaths(view, draft.kind, slug(feature.title, 'feature'), verbFirst);
  const checks = checkChecks(view, where, draft.checks, cited);
  return {
    id,
    feature: feature.id,
    kind: draft.kind,
    title: verbFirst,
    description: plainText(draft.description, MAX_DESCRIPTION),
    ...cited,
    ...hoursOf(view, where, draft.hours, cited),
    writes,
    reads: checkPaths(view, where, draft.reads),
    produces: interfacesOf(view, where, draft.produces),
    consumes: interfacesOf(view, where, draft.consumes),
    ...reuse,
    checks: checks.length > 0 ? checks : ownChecks(view, where, writes, cited),
  };
};

const firstWord = (text: string): string => /^[A-Za-z]+/.exec(text)?.[0] ?? '';

const titleOf = (view: View, where: string, title: string): string => {
  const stripped = title.replace(/[.:\s]+$/, '');
  const clause = isVerb(firstWord(stripped)) ? stripped.slice(0, 1).toUpperCase() + stripped.slice(1) : asClause(stripped);
  if (!isVerb(firstWord(stripped))) view.findings.add('repaired', where, `its title begins with no verb: now ${quote(shorten(clause, MAX_TITLE))}`);
  return shorten(clause, MAX_TITLE);
};

/** In order of size; what is missing or absurd is estimated by the rules. More than 16 hours are split later, less than half of one is merged. */
const hoursOf = (view: View, where: string, hours: unknown, { units }: Cited): Pick<HeldTask, 'hours' | 'spread'> => {
  const parsed = threePointSchema.safeParse(hours);
  const points = parsed.success ? parsed.data : undefined;
  if (!points || points.mostLikely <= 0 || points.mostLikely > MOST_HOURS || points.pessimistic > points.mostLikely * 20) {
    const estimated = halves(Math.min(MAX_HOURS, Math.max(2, units.reduce((sum, unit) => sum + effortOf(unit).hours, 0))));
    view.findings.add('repaired', where, `its hours are no three points in order, of ${MOST_HOURS} at most: ${estimated} by the rules`);
    return { hours: estimated };
  }
  const hundredth = (value: number): number => Math.round(value * 100) / 100;
  return { hours: points.mostLikely, spread: { optimistic: hundredth(points.optimistic / points.mostLikely), pessimistic: hundredth(points.pessimistic / points.mostLikely) } };
};

const reuseOf = (view: View, where: string, draft: DraftedTask): Pick<HeldTask, 'extends' | 'imports' | 'rationale'> => {
  const held = (names: readonly string[], claim: string): readonly CodeSymbol[] => {
    const found = new Map<string, CodeSymbol>();
    for (const name of names.slice(0, MAX_NAMES)) {
      const symbol = view.symbols.get(name.trim());
      if (symbol) found.set(symbol.name, symbol);
      else if (name.trim() !== '') view.findings.add('dropped', where, `it ${claim} ${quote(name)}, which the code base does not have. ${view.suggest(name) ?? ''}`.trim());
    }
    return [...found.values()];
  };
  const extended = held(draft.extends, 'extends');
  const used = held(draft.uses, 'uses').filter((symbol) => !extended.includes(symbol));
  const isUntrue = draft.extends.length > 0 && extended.length === 0;
  const said = isUntrue ? '' : plainText(draft.rationale, MAX_RATIONALE);
  const places = extended.map(({ name, file, line }) => `${name} (${file}:${line})`).join(', ');
  return {
    extends: extended.map(({ name }) => name),
    imports: used.map(({ name }) => name),
    rationale: places !== '' ? `Extends ${places}${said === '' ? '.' : `: ${said}`}` : said === '' ? 'Nothing of the code base is extended for it.' : said,
  };
};

const INTERFACE = /^[A-Za-z][\w./-]{0,79}(?::v\d{1,4})?$/;

const interfacesOf = (view: View, where: string, names: readonly string[]): readonly string[] => {
  const held = new Set<string>();
  for (const written of names.slice(0, MAX_NAMES)) {
    const name = written.trim().replace(/\s+/g, '-');
    if (INTERFACE.test(name)) held.add(/:v\d+$/.test(name) ? name : `${name}:v1`);
    else if (name !== '') view.findings.add('dropped', where, `${quote(written)} is no name of an interface, such as SessionStore:v1`);
  }
  return [...held];
};

const usualPaths = ({ layout }: View, kind: HeldTask['kind'], feature: string, title: string): readonly string[] => {
  if (kind === 'documentation') return [layout.docs(feature)];
  if (kind === 'contract') return [layout.source(feature, 'contract')];
  return kind === 'implementation' ? [layout.source(feature, title), layout.tests(feature, title)] : [layout.tests(feature, title)];
};

const ownChecks = (view: View, where: string, writes: readonly string[], { units }: Cited): readonly WrittenCheck[] => {
  view.findings.add('repaired', where, 'it has no check that a machine can run: those of the rules are added');
  const tests = writes.filter((path) => view.codebase.testRoots.some((root) => path.startsWith(`${root}/`)));
  return [...(tests[0] === undefined ? [] : commandCheck(view.commands, tests[0].replace(/\*+$/, ''))), ...metrics(units), ...writes.map((path): WrittenCheck => ({ type: 'artifact', path, expect: { exists: true } }))];
};
