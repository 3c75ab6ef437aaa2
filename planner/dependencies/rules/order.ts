/**
 * The order in which the document lists steps: a hint. Only neighbours, and only so many. The order of chapters is none at
 * all: an execution waits for soft dependencies as well, and one through all features would make everything serial.
 */
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
const STEPS = /\b(?:dependency chain|dependencies|roadmap|milestones?|phases?|steps|sequence|rollout|(?:build|implementation|development|delivery|migration|execution)\s+(?:order|plan|phases|sequence)|order of)\b/iu;
const MAX_PAIRS = 200;

const builder = (steps: readonly Step[]): Step | undefined => steps.find(({ role }) => BUILDERS.has(role)) ?? steps[0];

export const orderRules: RuleSet = {
  rules: [LIST],
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
  },
};
