/** Who consumes an interface waits for the one that produces it. */
import { byMention, byRule, bySymbol } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import type { InterfaceName } from '../producers.ts';
import { clashText, parseInterface } from '../producers.ts';
import { runsIt } from '../roles.ts';
import type { Candidate, Rule, RuleSet } from '../rule.ts';
import { allWords } from '../words.ts';

const EXACT: Rule = {
  id: 'interface',
  type: 'technical',
  confidence: 0.95,
  isHard: true,
  says: 'A task that consumes an interface waits for the task that produces it, named alike with its version',
  example: '`ShortenAPI:v1` is consumed and produced',
};
const ALIKE: Rule = {
  id: 'interface-spelling',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  says: 'So it does where only case, plural or punctuation differ, or one of them states no version',
  example: '`Shorten-API` and `ShortenAPI:v1`',
};
const VERSION: Rule = {
  id: 'interface-version',
  type: 'technical',
  confidence: 0.8,
  isHard: true,
  says: 'So it does where another version is produced than is consumed',
  example: '`AuthAPI:v2` is consumed, `AuthAPI:v1` produced',
};
const ONE_PRODUCER: Rule = {
  id: 'one-producer',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  says: 'An interface has one producer: another task that says it produces it, too, waits for the first and consumes it',
  example: 'two tasks with `AuthAPI:v1` in `interfaces_produced`',
};
const IMPLEMENTED: Rule = {
  id: 'interface-implemented',
  type: 'technical',
  confidence: 0.9,
  isHard: true,
  says: 'Whoever runs tests of an interface, or integrates it, waits for the tasks that implement it, not only for its contract',
  example: '"Run the acceptance tests" after all that implements `ShortenAPI:v1`',
};

interface Match {
  readonly rule: Rule;
  readonly produced: InterfaceName;
}

/** Of several that are alike: the one that states no other version, else the latest in plan order that is there. */
const matchOf = (consumed: InterfaceName, { producers }: Context): Match | undefined => {
  const alike = producers.byKey.get(consumed.key) ?? [];
  const exact = alike.find(({ name }) => name === consumed.name);
  if (exact) return { rule: EXACT, produced: exact };
  const spelled = alike.find(({ version }) => version === undefined || consumed.version === undefined || version === consumed.version);
  if (spelled) return { rule: ALIKE, produced: spelled };
  const other = alike.at(-1);
  return other && { rule: VERSION, produced: other };
};

const evidenceOf = (context: Context, { rule, produced }: Match, { from, to }: { readonly from: Step; readonly to: Step }): Candidate['evidence'] => {
  const symbol = context.symbols.get(produced.key);
  const words = allWords(produced.base).filter((word) => word.length > 3);
  return [byRule(rule, `${from.id} produces ${produced.name}`), ...byMention(rule, { step: to, words, wordsIn: context.wordsIn }), ...(symbol ? [bySymbol(rule, symbol)] : [])];
};

/** Of an interface: who says it implements what somebody else declared, in the feature that declared it. */
const implementersOf = ({ byFeature }: Context, producer: Step, key: string): readonly Step[] =>
  producer.role === 'contract' ? (byFeature.get(producer.task.feature_id) ?? []).filter(({ role, interfaces }) => role === 'implementation' && interfaces.has(key)) : [];

const wantsItBuilt = ({ role, task }: Step): boolean => runsIt(task.title) && (role === 'tests' || role === 'ci' || task.category === 'integration');

export const interfaceRules: RuleSet = {
  rules: [EXACT, ALIKE, VERSION, ONE_PRODUCER, IMPLEMENTED],
  *find(context, warn) {
    const { steps, tasks, producers, symbols } = context;
    for (const clash of producers.clashes) {
      const [from, to] = [steps[clash.producer], steps[clash.other]];
      if (!from || !to) continue;
      warn(clashText(clash, tasks));
      const reason = `${to.id} needs ${clash.name}, which ${from.id} produces first`;
      yield { from: from.index, to: to.index, rule: ONE_PRODUCER, reason, evidence: [byRule(ONE_PRODUCER, `Both say that they produce ${clash.name}; the first in plan order does`)] };
    }
    for (const to of steps) {
      for (const text of to.task.interfaces_consumed) {
        const consumed = parseInterface(text);
        const match = matchOf(consumed, context);
        const from = steps[producers.byName.get(match?.produced.name ?? '') ?? -1];
        if (!match || !from) {
          if (!symbols.has(consumed.key)) warn(`${to.id} consumes ${consumed.name}, which no task produces and the code base does not have.`);
          continue;
        }
        if (from === to) continue;
        const { rule, produced } = match;
        const named = rule === EXACT ? produced.name : `${consumed.name}, produced as ${produced.name}`;
        yield { from: from.index, to: to.index, rule, reason: `${to.id} consumes ${named} by ${from.id}`, evidence: evidenceOf(context, match, { from, to }) };
        if (!wantsItBuilt(to)) continue;
        for (const built of implementersOf(context, from, produced.key)) {
          if (built === to || wantsItBuilt(built)) continue;
          const reason = `${to.id} exercises ${produced.name}, which ${built.id} implements`;
          yield { from: built.index, to: to.index, rule: IMPLEMENTED, reason, evidence: [byRule(IMPLEMENTED, `${built.id} implements ${produced.name}`)] };
        }
      }
    }
  },
};
