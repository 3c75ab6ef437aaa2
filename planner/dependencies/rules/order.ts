/** The order in which the document tells things: a hint, and nothing to wait for. Only neighbours, and only so many. */
import { byRule } from '../cite.ts';
import type { Step } from '../context.ts';
import { BUILDERS } from '../roles.ts';
import type { Rule, RuleSet } from '../rule.ts';
import { readingOf } from '../statements/statements.ts';

const LIST: Rule = {
  id: 'list-order',
  type: 'sequential',
  confidence: 0.6,
  isHard: false,
  says: 'Neighbours in an ordered list of steps (a dependency chain, a roadmap, phases) follow one another',
  example: '"3. Backend storage module", "4. Short code generation"',
};
const CHAPTER: Rule = {
  id: 'chapter-order',
  type: 'sequential',
  confidence: 0.5,
  isHard: false,
  says: 'The first task that builds a feature follows the first one of the feature before it',
  example: 'chapter "Groceries" after chapter "Expenses"',
};

const STEPS = /\b(?:dependency chain|dependencies|roadmap|milestones?|phases?|steps|sequence|rollout|(?:build|implementation|development|delivery|migration|execution)\s+(?:order|plan|phases|sequence)|order of)\b/iu;
/** Of lists, and of chapters. */
const MAX_PAIRS = 200;

const builder = (steps: readonly Step[]): Step | undefined => steps.find(({ role }) => BUILDERS.has(role)) ?? steps[0];

export const orderRules: RuleSet = {
  rules: [LIST, CHAPTER],
  *find(context) {
    const { passages, owners, items, lineAt } = readingOf(context);
    const inSteps = context.document.sections.map(({ title, parent }) => STEPS.test(title) || STEPS.test(context.document.sections[parent ?? -1]?.title ?? ''));
    let pairs = 0;
    for (const passage of passages) {
      const { item } = passage;
      if (!item || !inSteps[passage.section]) continue;
      const previous = items.get(`${item.list} ${item.number - 1}`);
      if (!previous || pairs >= MAX_PAIRS) continue;
      const [from, to] = [builder(owners.steps(previous)), builder(owners.steps(passage))];
      if (!from || !to || from === to) continue;
      pairs += 1;
      const reason = `The document lists ${to.id} next after ${from.id}`;
      yield { from: from.index, to: to.index, rule: LIST, reason, evidence: [{ type: 'doc', reason: `Line ${lineAt(passage.start)}: step ${item.number} of a list of steps`, confidence: LIST.confidence }] };
    }
    const firsts = [...context.byFeature.values()].flatMap((steps) => steps.find(({ role }) => BUILDERS.has(role)) ?? []);
    for (const [at, to] of firsts.slice(0, MAX_PAIRS + 1).entries()) {
      const from = firsts[at - 1];
      if (!from) continue;
      const reason = `Feature ${to.task.feature_id} comes after feature ${from.task.feature_id} in the document`;
      yield { from: from.index, to: to.index, rule: CHAPTER, reason, evidence: [byRule(CHAPTER, 'The order of chapters alone')] };
    }
  },
};
