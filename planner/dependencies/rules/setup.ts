/** What is set up comes before what stands on it. */
import { byInfrastructure, byRule } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import type { Candidate, Rule, RuleSet } from '../rule.ts';

const NAMED: Rule = {
  id: 'environment',
  type: 'infrastructure',
  confidence: 0.95,
  isHard: true,
  says: 'A task whose title or requirements name what another one sets up waits for it',
  example: '"Set up the Express backend server" before "Implement the backend storage module"',
};
const SAME_FEATURE: Rule = {
  id: 'setup-first',
  type: 'infrastructure',
  confidence: 0.9,
  isHard: true,
  says: 'What is set up within a feature comes before the rest of it',
  example: '"Configure the mail provider" before "Send reminders by e-mail"',
};
const PROJECT: Rule = {
  id: 'project-first',
  type: 'infrastructure',
  confidence: 0.9,
  isHard: true,
  says: 'Where there is no code yet, what is built waits for the first task that sets up the project, unless another set-up is its own',
  example: '"Scaffold the project" before everything that is built',
};

const INFRASTRUCTURE: ReadonlySet<string> = new Set(
  (
    'ansible api aws azure backend broker bucket bundler cache celery client cluster cmake compose container database db deno django docker elasticsearch express fastapi fastify ' +
    'firebase flask frontend gateway gcp gradle graphql ingress java kafka kubernetes laravel mail maven memcached mobile mongo mongodb mqtt mysql network nextjs nginx node ' +
    'phoenix postgre postgresql prisma proxy python queue rabbitmq rails react redis registry rust server service smtp spring sqlite staging storage supabase svelte terraform ' +
    'toolchain typescript vault vite vue webpack websocket worker'
  ).split(' '),
);
/** Words of a set-up that do not tell one from another. */
const GENERIC: ReadonlySet<string> = new Set(
  (
    'app application base basic bootstrap build code codebase configuration configure create dependency develop development directory environment first framework initial initialise ' +
    'initialize install javascript layout minimal module monorepo new package prepare project provision repo repository root scaffold scaffolding script set setup simple skeleton ' +
    'source starter structure support tool tooling workspace'
  ).split(' '),
);
const IS_PROJECT = /\b(?:project|repositor(?:y|ies)|repo|workspace|codebase|code base|skeleton|monorepo|app|application|package\.json)\b/iu;
/** A word that more than this share of all tasks has says nothing, unless it is infrastructure. */
const COMMON = 0.5;
const FEW = 10;

const isInfrastructure = ({ titleWords, task }: Step): boolean => task.category === 'foundation' || titleWords.some((word) => INFRASTRUCTURE.has(word)) || IS_PROJECT.test(task.title);

const standsOn = ({ role }: Step): boolean => role !== 'setup' && role !== 'spike' && role !== 'docs';

const telling = ({ titleWords }: Step, { byWord, steps }: Context): readonly string[] =>
  [...new Set(titleWords)].filter((word) => {
    if (GENERIC.has(word)) return false;
    return INFRASTRUCTURE.has(word) || steps.length <= FEW || (byWord.get(word)?.length ?? 0) <= steps.length * COMMON;
  });

function* named(setup: Step, context: Context): Generator<Candidate> {
  const seen = new Set<number>([setup.index]);
  for (const word of telling(setup, context)) {
    for (const to of context.byWord.get(word) ?? []) {
      if (seen.has(to.index) || !standsOn(to)) continue;
      // Of two that both name it, one in another feature needs it only where it is infrastructure.
      if (!INFRASTRUCTURE.has(word) && to.task.feature_id !== setup.task.feature_id) continue;
      seen.add(to.index);
      const evidence = [byRule(NAMED, `Both name "${word}"`), byInfrastructure(`${setup.id} sets it up`, NAMED.confidence)];
      yield { from: setup.index, to: to.index, rule: NAMED, reason: `${to.id} needs "${word}", which ${setup.id} sets up`, evidence };
    }
  }
}

export const setupRules: RuleSet = {
  rules: [NAMED, SAME_FEATURE, PROJECT],
  *find(context) {
    const setups = context.steps.filter((step) => step.role === 'setup' && isInfrastructure(step));
    const served = new Set<number>();
    for (const setup of setups) {
      for (const candidate of named(setup, context)) {
        served.add(candidate.to);
        yield candidate;
      }
      for (const to of context.byFeature.get(setup.task.feature_id) ?? []) {
        if (!standsOn(to)) continue;
        served.add(to.index);
        const evidence = [byInfrastructure(`${setup.id} sets up what its feature stands on`, SAME_FEATURE.confidence)];
        yield { from: setup.index, to: to.index, rule: SAME_FEATURE, reason: `${to.id} stands on what ${setup.id} sets up`, evidence };
      }
    }
    const project = setups.find(({ task }) => IS_PROJECT.test(task.title));
    if (!project || context.codebase.files.length > 0) return;
    for (const to of context.steps) {
      if (!standsOn(to) || served.has(to.index)) continue;
      const evidence = [byInfrastructure('The code base is empty: there is nothing to build in before', PROJECT.confidence)];
      yield { from: project.index, to: to.index, rule: PROJECT, reason: `${to.id} is built in the project that ${project.id} sets up`, evidence };
    }
  },
};
