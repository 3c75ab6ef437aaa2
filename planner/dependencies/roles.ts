/** What part a task has in its feature: by the first words of its title, and by what it writes. */
import type { PlannedTask } from '../artifacts/task.schema.ts';

export const ROLES = ['spike', 'setup', 'schema', 'contract', 'implementation', 'tests', 'docs', 'ci'] as const;
export type Role = (typeof ROLES)[number];

type TaskShape = Pick<PlannedTask, 'title' | 'category' | 'interfaces_produced' | 'files_scope'>;

const SPIKE = /^(?:research|investigate|evaluate|explore|prototype|spike|assess|compare|study)\b|\b(?:spike|proof of concept|feasibility)\b/iu;
const TESTS = /^(?:test|cover|benchmark)\b|^(?:write|add|create|implement|build|extend|automate|run)\b.*\btests?\b|^verify\b.*\b(?:works?|tests?|against|end to end)\b/iu;
const DOCS = /^document\b|^(?:write|add|update|create|extend|publish)\b.*\b(?:docs|documentation|readme|guide|manual|tutorial|runbook)\b/iu;
const CI = /\b(?:ci|ci\/cd|continuous integration|github actions|build pipeline|deployment pipeline|deploy pipeline)\b/iu;
const DEFINES = /^(?:define|specify|declare|draft|design|agree|fix|write|describe|model|create|add|extend|implement)\b/iu;
const CONTRACT_FIRST_WORD = /^(?:define|specify|declare|draft|design|agree)\b/iu;
const CONTRACT_WORD = /\b(?:contracts?|interfaces?|apis?|endpoints?|protocols?|openapi|signatures?|(?:GET|POST|PUT|PATCH|DELETE) \/)/iu;
const SCHEMA_WORD = /\b(?:migrations?|schemas?|data models?|database tables?|tables?|entity|entities)\b|\bmodel$/iu;
const MIGRATES = /^migrate\b.*\b(?:database|schema|tables?)\b/iu;
const SETUP = /^(?:set ?up|scaffold|bootstrap|initiali[sz]e|install|provision)\b/iu;
const CONFIGURES = /^(?:configure|prepare)\b/iu;

const TEST_PATH = /(?:^|\/)(?:tests?|__tests__|spec|e2e|cypress)\/|[._-](?:test|spec)s?\.[A-Za-z]+$|(?:^|\/)test_[^/]+\.py$/u;
const DOC_PATH = /(?:^|\/)docs?\/|\.(?:md|mdx|rst|adoc)$/iu;
const CI_PATH = /^(?:\.github\/workflows|\.circleci|\.buildkite)(?:\/|$)|^(?:\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml|\.travis\.yml)$/u;
const SCHEMA_PATH = /(?:^|\/)migrations?(?:\/|$)|(?:^|\/)schema\.(?:sql|prisma|rb)$/u;
const MODEL_NAME = /(?:Model|Schema|Migration|Entity|Table)(?::|$)/u;

const MAX_TITLE = 300;

const wholly = (writes: readonly string[], pattern: RegExp): boolean => writes.length > 0 && writes.every((path) => pattern.test(path));

/** The first that fits. What it writes says more than what it is called. */
export const roleOf = ({ title: whole, category, interfaces_produced: produced, files_scope: files }: TaskShape): Role => {
  const title = whole.slice(0, MAX_TITLE);
  const writes = files?.writes ?? [];
  if (SPIKE.test(title)) return 'spike';
  if (wholly(writes, TEST_PATH)) return 'tests';
  if (wholly(writes, CI_PATH)) return 'ci';
  if (TESTS.test(title)) return 'tests';
  if (DOCS.test(title)) return 'docs';
  if (CI.test(title)) return 'ci';
  if (CONTRACT_FIRST_WORD.test(title) && CONTRACT_WORD.test(title)) return 'contract';
  if (/\bcontracts?$/iu.test(title) && DEFINES.test(title)) return 'contract';
  if (wholly(writes, SCHEMA_PATH) || MIGRATES.test(title)) return 'schema';
  if (DEFINES.test(title) && (SCHEMA_WORD.test(title) || (produced.some((name) => MODEL_NAME.test(name)) && CONTRACT_FIRST_WORD.test(title)))) return 'schema';
  if (SETUP.test(title) || (CONFIGURES.test(title) && category === 'foundation')) return 'setup';
  if (wholly(writes, DOC_PATH)) return CONTRACT_FIRST_WORD.test(title) ? 'contract' : 'docs';
  return 'implementation';
};

/** Those that build what a feature is; the rest prepares, or looks at it. */
export const BUILDERS: ReadonlySet<Role> = new Set<Role>(['setup', 'schema', 'implementation']);
/** Those that look at what was built. */
export const FOLLOWERS: ReadonlySet<Role> = new Set<Role>(['tests', 'docs', 'ci']);
/** They look at what is built: whoever writes tests or documents needs only the contract, whoever runs them all of it. */
const RUNS = /^(?:run|verify|execute|exercise|integrate|benchmark|measure)\b/iu;

export const runsIt = (title: string): boolean => RUNS.test(title);
