/** What is found out informs what is built: it orders, and never gates. */
import { byQuote, byRule } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import type { Rule, RuleSet } from '../rule.ts';
import { MAX_FAN } from '../rule.ts';

const SAME_FEATURE: Rule = {
  id: 'spike-feature',
  type: 'knowledge',
  confidence: 0.7,
  isHard: false,
  says: 'Research, spikes, evaluations and prototypes inform the contract, set-up, schema and implementation of their feature',
  example: '"Evaluate short code libraries" before "Implement short code generation"',
};
const SAME_NAME: Rule = {
  id: 'spike-name',
  type: 'knowledge',
  confidence: 0.6,
  isHard: false,
  says: 'They inform tasks of other features whose title names two of the same things',
  example: '"Prototype WebSocket delivery" before "Send chat messages by WebSocket"',
};

const VERBS: ReadonlySet<string> = new Set('research investigate evaluate explore prototype spike assess compare study proof concept feasibility option approach library candidate alternative choose'.split(' '));

const isInformed = ({ role }: Step): boolean => role === 'contract' || role === 'implementation' || role === 'schema' || role === 'setup';

/** Steps of other features whose titles have at least two of its words. */
const namesakes = (spike: Step, { byWord }: Context): readonly (readonly [Step, readonly string[]])[] => {
  const common = new Map<Step, string[]>();
  for (const word of new Set(spike.titleWords.filter((each) => !VERBS.has(each)))) {
    for (const step of byWord.get(word) ?? []) {
      if (step.task.feature_id === spike.task.feature_id || !isInformed(step) || !step.titleWords.includes(word)) continue;
      common.set(step, [...(common.get(step) ?? []), word]);
    }
  }
  return [...common].filter(([, words]) => words.length > 1).sort(([a], [b]) => a.index - b.index);
};

export const spikeRules: RuleSet = {
  rules: [SAME_FEATURE, SAME_NAME],
  *find(context) {
    for (const spike of context.steps) {
      if (spike.role !== 'spike') continue;
      const [said] = spike.task.source_evidence;
      const quoted = (rule: Rule) => (said ? [byQuote(rule, said)] : []);
      for (const to of (context.byFeature.get(spike.task.feature_id) ?? []).filter(isInformed).slice(0, MAX_FAN)) {
        const evidence = [byRule(SAME_FEATURE, `Both belong to feature ${spike.task.feature_id}`), ...quoted(SAME_FEATURE)];
        yield { from: spike.index, to: to.index, rule: SAME_FEATURE, reason: `What ${spike.id} finds out informs ${to.id}`, evidence };
      }
      for (const [to, words] of namesakes(spike, context).slice(0, MAX_FAN)) {
        const evidence = [byRule(SAME_NAME, `Both name ${words.map((word) => `"${word}"`).join(', ')}`), ...quoted(SAME_NAME)];
        yield { from: spike.index, to: to.index, rule: SAME_NAME, reason: `What ${spike.id} finds out informs ${to.id}, which names the same`, evidence };
      }
    }
  },
};
