/** What the document says of order, in its own words; and what it says of one requirement by naming another. */
import { byQuote } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import { BUILDERS } from '../roles.ts';
import type { Candidate, Rule, RuleSet } from '../rule.ts';
import type { Statement } from '../statements/statements.ts';
import { MAX_SIDE, readingOf, statementsIn } from '../statements/statements.ts';

const NEED_KEY: Rule = {
  id: 'stated-need',
  type: 'technical',
  confidence: 0.98,
  isHard: true,
  isStated: true,
  says: 'The document says that one depends on, requires, needs, builds on or is blocked by another, by key, number or numbered heading',
  example: '"Implement `POST /api/shorten` (depends on 3 & 4)", "FR-007 requires FR-002"',
};
const NEED_NAME: Rule = {
  id: 'stated-need-name',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  isStated: true,
  says: 'So it does by the name of a feature, a section or an interface',
  example: '"Reminders depend on the Household feature"',
};
const NEED_LOOSE: Rule = {
  id: 'stated-need-loose',
  type: 'technical',
  confidence: 0.8,
  isHard: true,
  isStated: true,
  says: 'It says only that something "requires" or "needs" what is called so: names of two words or more',
  example: '"Settling requires the balance dashboard"',
};
const ORDER_KEY: Rule = {
  id: 'stated-order',
  type: 'sequential',
  confidence: 0.9,
  isHard: true,
  isStated: true,
  says: 'The document says that one comes after, before, or once another is done, by key or number',
  example: '"after FR-002", "before Phase 3"',
};
const ORDER_NAME: Rule = {
  id: 'stated-order-name',
  type: 'sequential',
  confidence: 0.8,
  isHard: true,
  isStated: true,
  says: 'So it does by name, where it says that what is named is done, ready or in place',
  example: '"once the short code generation is in place"',
};
const MENTION: Rule = {
  id: 'mentioned',
  type: 'sequential',
  confidence: 0.7,
  isHard: false,
  says: 'A requirement that names another one, without saying in which order, had better follow it',
  example: '"as in FR-002"',
};

const ruleOf = ({ kind, how }: Statement): Rule => {
  if (kind === 'order') return how === 'key' ? ORDER_KEY : ORDER_NAME;
  if (how === 'key') return NEED_KEY;
  return how === 'name' ? NEED_NAME : NEED_LOOSE;
};

const stated = (statement: Statement): readonly Candidate[] => {
  const rule = ruleOf(statement);
  const { before, after, quote, line } = statement;
  const evidence = [byQuote(rule, { quote, startLine: line })];
  // Who serves both sides has nothing to wait for, and nobody to wait for it, by this.
  const both = new Set(before.filter((step) => after.includes(step)));
  return after.flatMap((to) =>
    before.flatMap((from) => {
      if (both.has(from) || both.has(to)) return [];
      return { from: from.index, to: to.index, rule, reason: `The document: "${quote}": ${to.id} waits for ${from.id}`, evidence };
    }),
  );
};

const builders = (steps: readonly Step[]): readonly Step[] => steps.filter(({ role }) => BUILDERS.has(role)).slice(0, MAX_SIDE);

function* mentioned({ requirements, byUnit }: Context): Generator<Candidate> {
  const units = new Map(requirements.units.map((unit) => [unit.id, unit]));
  for (const unit of requirements.units) {
    for (const id of unit.mentions) {
      const other = units.get(id);
      if (!other || other === unit) continue;
      for (const to of builders(byUnit.get(unit.id) ?? [])) {
        if (to.unitIds.has(id)) continue;
        for (const from of builders(byUnit.get(id) ?? [])) {
          if (from.unitIds.has(unit.id)) continue;
          const reason = `A requirement of ${to.id} names ${other.key ?? 'one'} that ${from.id} serves`;
          yield { from: from.index, to: to.index, rule: MENTION, reason, evidence: [byQuote(MENTION, unit.evidence)] };
        }
      }
    }
  }
}

export const statedRules: RuleSet = {
  rules: [NEED_KEY, NEED_NAME, NEED_LOOSE, ORDER_KEY, ORDER_NAME, MENTION],
  *find(context, warn) {
    for (const statement of statementsIn(readingOf(context), warn)) yield* stated(statement);
    yield* mentioned(context);
  },
};
