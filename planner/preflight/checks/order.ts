/**
 * Edge sanity (spec/000): a task that tidies up, updates or configures is rarely a root. Where tasks that move or
 * create things have to do with the same paths, it should come after them.
 */
import { lastOf, ranksOf } from '../../graph/reduced.ts';
import type { Ranks } from '../../graph/reduced.ts';
import { isThere } from '../files.ts';
import type { Finding } from '../finding.ts';
import { about } from '../survey.ts';
import type { Survey, SurveyedTask } from '../survey.ts';
import { counted, quote } from '../../read/words.ts';
import { kindOf } from './kinds.ts';
import { Mentions } from './mentions.ts';
import type { FileText } from './mentions.ts';

/** More would be a list to read, and not a finding. */
const MAX_EDGES = 20;

const SHARED = 'both have to do with';
const SPOKEN_OF = 'it changes a file that speaks of';

interface Evidence {
  readonly task: SurveyedTask;
  /** Of the task that should come after. */
  readonly path: string;
  readonly how: typeof SHARED | typeof SPOKEN_OF;
}

const isRoot = ({ node }: SurveyedTask): boolean => (node.deps?.length ?? 0) + (node.soft?.length ?? 0) === 0;

interface Order {
  readonly survey: Survey;
  readonly mentions: Mentions;
  readonly ranks: Ranks;
}

/** Only the last of those that follow one another: the others come before it anyway. */
const lastFound = (found: readonly Evidence[], { survey: { ancestors }, ranks }: Order): readonly Evidence[] => {
  const byTask = new Map(found.map((each) => [each.task.index, each]));
  return lastOf([...byTask.keys()], { ancestors, ranks }).map((index) => byTask.get(index) as Evidence);
};

const evidenceFor = async (root: SurveyedTask, structural: readonly SurveyedTask[], order: Order): Promise<readonly Evidence[]> => {
  const found: Evidence[] = [];
  const texts = await order.mentions.textsOf(root.touches);
  const touchers = root.touches.map((path) => ({ path, tasks: order.survey.touchers.meeting(path) }));
  for (const task of structural) {
    const shared = touchers.find(({ tasks }) => tasks.has(task.index))?.path;
    if (shared !== undefined) {
      found.push({ task, path: shared, how: SHARED });
      continue;
    }
    const path = firstMentioned(texts, task.touches);
    if (path !== undefined) found.push({ task, path, how: SPOKEN_OF });
  }
  return lastFound(found, order);
};

const firstMentioned = (texts: readonly FileText[], paths: readonly string[]): string | undefined => {
  for (const text of texts) {
    const path = paths.find((each) => text.speaksOf(each));
    if (path !== undefined) return path;
  }
  return undefined;
};

const findingOf = async (root: SurveyedTask, evidence: readonly Evidence[], survey: Survey): Promise<Finding> => {
  const edges = await Promise.all(
    evidence.slice(0, MAX_EDGES).map(async ({ task, path, how }) => {
      // What is not there yet, and the other one makes, is more than a matter of order.
      const isMade = how === SHARED && survey.writers.meeting(path).has(task.index) && !(await isThere(survey.workspace, path));
      return { from: task.node.id, to: root.node.id, type: isMade ? ('hard' as const) : ('soft' as const), reason: `${how} ${path}` };
    }),
  );
  const [first] = evidence;
  const more = evidence.length > 1 ? ` and ${counted(evidence.length - 1, 'other task')}` : '';
  return about(root, {
    code: 'TASKS1501',
    certainty: 'certain',
    message: `task ${quote(root.node.id)} waits for nothing, although ${quote(first?.task.node.id ?? '')}${more} should come first: ${first?.how ?? ''} ${quote(first?.path ?? '')}`,
    suggestion: [{ op: 'add_edge', edges }],
  });
};

const unfounded = (root: SurveyedTask, structural: readonly SurveyedTask[]): Finding =>
  about(root, {
    code: 'TASKS1501',
    certainty: 'likely',
    message: `task ${quote(root.node.id)} waits for nothing, and work of its kind follows on others: there ${structural.length === 1 ? 'is' : 'are'} ${counted(structural.length, 'task')} that move or create things`,
    hint: `Give it "deps" or "soft_deps", such as ${quote(structural[0]?.node.id ?? '')}, or say in "files_scope" or "artifacts" what it has to do with.`,
  });

export const checkOrder = async (survey: Survey): Promise<readonly Finding[]> => {
  const works = survey.tasks.filter(({ mark }) => mark === undefined);
  const structural = works.filter((task) => kindOf(task) === 'structural');
  if (structural.length === 0) return [];
  const order = { survey, mentions: new Mentions(survey.workspace), ranks: ranksOf(survey.plan.graph.tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft])) };
  const findings: Finding[] = [];
  for (const root of works.filter((task) => isRoot(task) && kindOf(task) === 'follow-up')) {
    // An edge from what comes after it would close a cycle.
    const others = structural.filter((task) => !survey.ancestors.of(task.index).has(root.index));
    const evidence = await evidenceFor(root, others, order);
    if (evidence.length > 0) findings.push(await findingOf(root, evidence, survey));
    else if (others.length > 0) findings.push(unfounded(root, others));
  }
  return findings;
};
