/** Who stores something waits for the schema of it. */
import { byInfrastructure, byMention, byRule, byShared } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import { parseInterface } from '../producers.ts';
import type { Candidate, Rule, RuleSet } from '../rule.ts';
import { allWords, wordsOf } from '../words.ts';

const STORED: Rule = {
  id: 'schema-first',
  type: 'infrastructure',
  confidence: 0.95,
  isHard: true,
  says: 'A task that stores, changes or lists something waits for the task that defines its schema, model or migration',
  example: '"Add the Expense migration" before "Record expenses"',
};
const SAME_REQUIREMENT: Rule = {
  id: 'schema-shared',
  type: 'infrastructure',
  confidence: 0.9,
  isHard: true,
  says: 'Within a feature, what implements a requirement waits for the schema that serves it, too',
  example: '"Add the balance table" before "Show balances", both for FR-005',
};

const SUFFIX = /(?:Data)?(?:Model|Schema|Entity|Table|Migration)$/u;
/** Words of a title that are no entity. */
const NOT_ENTITY: ReadonlySet<string> = new Set(
  (
    'add alter backend base basic change column create data database db declare define design draft entity field first for foundation implement index initial key migrate migration model new persistence ' +
    'postgresql prisma record relation relational relationship schema specify sql sqlite storage store system table type update user-facing write'
  ).split(' '),
);
const STORES: ReadonlySet<string> = new Set(
  (
    'add archive assign book change complete create delete display edit export fetch filter find flag history import insert list load log lookup mark persist query read record remove ' +
    'retrieve save search settle show sort split store sync track update view write'
  ).split(' '),
);

const AND = /,|&|\+|\band\b/iu;
const MAX_TITLE = 300;

/** Each entity as its words: what it produces by name, else what its title names, one or several. */
const entitiesOf = ({ task }: Step): readonly (readonly string[])[] => {
  const named = task.interfaces_produced
    .map((text) => parseInterface(text).base)
    .filter((base) => SUFFIX.test(base))
    .map((base) => allWords(base.replace(SUFFIX, '')));
  const found = named.filter((words) => words.length > 0);
  if (found.length > 0) return found;
  return task.title
    .slice(0, MAX_TITLE)
    .split(AND)
    .map((part) => wordsOf(part).filter((word) => !NOT_ENTITY.has(word)))
    .filter((words) => words.length > 0);
};

const storesIt = (step: Step): boolean => step.role === 'implementation' && [...step.words].some((word) => STORES.has(word));

/** Steps that have the word of it that fewest have. */
const rarest = (entity: readonly string[], byWord: Context['byWord']): readonly Step[] => {
  let least: readonly Step[] | undefined;
  for (const word of entity) {
    const steps = byWord.get(word) ?? [];
    if (!least || steps.length < least.length) least = steps;
  }
  return least ?? [];
};

function* stored(schema: Step, { byWord, wordsIn }: Context): Generator<Candidate> {
  const seen = new Set<number>([schema.index]);
  for (const entity of entitiesOf(schema)) {
    for (const to of rarest(entity, byWord)) {
      if (seen.has(to.index) || !storesIt(to)) continue;
      // In another feature it is meant only where its title says so, too.
      const near = to.task.feature_id === schema.task.feature_id ? to.words : new Set(to.titleWords);
      if (!entity.every((word) => near.has(word))) continue;
      seen.add(to.index);
      const name = entity.join(' ');
      const evidence = [byInfrastructure(`${schema.id} defines how "${name}" is stored`, STORED.confidence), ...byMention(STORED, { step: to, words: entity, wordsIn })];
      yield { from: schema.index, to: to.index, rule: STORED, reason: `${to.id} works on stored "${name}", which ${schema.id} defines`, evidence };
    }
  }
}

export const schemaRules: RuleSet = {
  rules: [STORED, SAME_REQUIREMENT],
  *find(context) {
    for (const schema of context.steps) {
      if (schema.role !== 'schema') continue;
      yield* stored(schema, context);
      for (const to of context.byFeature.get(schema.task.feature_id) ?? []) {
        if (to.role !== 'implementation' || ![...to.unitIds].some((id) => schema.unitIds.has(id))) continue;
        const evidence = [byRule(SAME_REQUIREMENT, SAME_REQUIREMENT.says), ...byShared(SAME_REQUIREMENT, schema, to)];
        yield { from: schema.index, to: to.index, rule: SAME_REQUIREMENT, reason: `${to.id} serves a requirement whose data ${schema.id} defines`, evidence };
      }
    }
  },
};
