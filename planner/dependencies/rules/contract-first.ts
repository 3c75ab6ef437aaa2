/** Within a feature: the contract, then what implements it, then tests, documentation and CI beside each other. */
import { byRule, byShared } from '../cite.ts';
import type { Step } from '../context.ts';
import { share } from '../context.ts';
import { FOLLOWERS, runsIt } from '../roles.ts';
import type { Candidate, Rule, RuleSet } from '../rule.ts';

const CONTRACT: Rule = {
  id: 'contract-first',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  says: 'What implements a feature waits for the feature’s contract: the one it shares a requirement or an interface with, else all of them',
  example: '"Define the shorten API contract" before "Implement `POST /api/shorten`"',
};
const BUILT: Rule = {
  id: 'built-first',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  says: 'Tests, documentation and CI of a feature are written beside its implementation, against its contract; where it has none, or they are run, they wait for what they look at: what they share a requirement or an interface with, else all that implements it; not for each other',
  example: '"Implement the balance view" before "Test the balance view"',
};
const OPTIMIZED: Rule = {
  id: 'optimized-last',
  type: 'technical',
  confidence: 0.85,
  isHard: true,
  says: 'What optimizes a feature waits for what implements it',
  example: '"Cache redirects" (category `optimization`) after "Implement redirects"',
};

/** Those that have something in common with it, else all. */
const relevant = (candidates: readonly Step[], to: Step): readonly Step[] => {
  const shared = candidates.filter((each) => share(each, to));
  return shared.length > 0 ? shared : candidates;
};

const isOptimizing = ({ task, role }: Step): boolean => task.category === 'optimization' && role === 'implementation';

const edges = (rule: Rule, froms: readonly Step[], to: Step, how: (from: Step) => string): readonly Candidate[] =>
  relevant(froms, to).map((from) => ({ from: from.index, to: to.index, rule, reason: how(from), evidence: [byRule(rule, rule.says), ...byShared(rule, from, to)] }));

export const contractFirstRules: RuleSet = {
  rules: [CONTRACT, BUILT, OPTIMIZED],
  *find({ byFeature }) {
    for (const steps of byFeature.values()) {
      const contracts = steps.filter(({ role }) => role === 'contract');
      const built = steps.filter((step) => step.role === 'implementation' && !isOptimizing(step));
      const all = steps.filter(({ role }) => role === 'implementation');
      for (const to of all) yield* edges(CONTRACT, contracts, to, (from) => `${to.id} implements what ${from.id} specifies`);
      for (const to of steps.filter(isOptimizing)) yield* edges(OPTIMIZED, built, to, (from) => `${to.id} optimizes what ${from.id} builds`);
      for (const to of steps.filter(({ role }) => FOLLOWERS.has(role))) {
        const looked = (runsIt(to.task.title) ? [all, contracts] : [contracts, all]).find((list) => list.length > 0) ?? [];
        yield* edges(BUILT, looked, to, (from) => `${to.id} is about what ${from.id} ${from.role === 'contract' ? 'specifies' : 'builds'}`);
      }
    }
  },
};
