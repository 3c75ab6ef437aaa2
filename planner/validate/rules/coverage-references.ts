/** TASKS1311: what `coverage.json` says of tasks and what tasks say of requirements is the same, both ways. */
import { COVERAGE_NAME } from '../../artifacts/bundle.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { member, elements, numberOf, saidOf, textOf, texts } from '../item.ts';
import type { Item } from '../item.ts';
import { finishedBefore } from '../finished-before.ts';
import type { Rule } from '../rule.ts';
import { CODE, reference, twice, unknownNames } from './unknown-names.ts';

const ROUNDING = 0.0005;

export const isCovered = (requirement: Item): boolean => elements(member(requirement, 'tasks')).length > 0 || saidOf(member(requirement, 'reason')) !== undefined;
export const isNormative = (requirement: Item): boolean => member(requirement, 'strength').value === 'must';

const share = (items: readonly Item[]): number => (items.length === 0 ? 1 : items.filter(isCovered).length / items.length);

const shareFinding = (item: Item, actual: number): readonly Finding[] => {
  const stated = numberOf(item);
  return stated === undefined || Math.abs(stated - actual) <= ROUNDING ? [] : [reference(`coverage.json says ${stated}, and it is ${Math.round(actual * 1000) / 1000}`, item.where)];
};

export const coverageReferences: Rule = {
  code: CODE,
  check: (view) => {
    if (!view.documents.has(COVERAGE_NAME)) return [];
    const coverage = view.file(COVERAGE_NAME);
    const requirements = elements(member(coverage, 'requirements'));
    const ids = requirements.flatMap((each) => (textOf(member(each, 'id')) === undefined ? [] : [{ text: textOf(member(each, 'id')) ?? '', where: member(each, 'id').where }]));
    const known = new Set(ids.map(({ text }) => text));
    const cited = new Set(view.tasks.flatMap((task) => texts(member(task, 'requirements')).map(({ text }) => `${text} ${textOf(member(task, 'id')) ?? ''}`)));
    const mapped = requirements.flatMap((each) => texts(member(each, 'tasks')).map((task) => ({ ...task, requirement: textOf(member(each, 'id')) ?? '' })));
    const pairs = new Set(mapped.map(({ text, requirement }) => `${requirement} ${text}`));
    const finished = finishedBefore(view).tasks;
    const fromTasks = view.tasks.flatMap((task) => texts(member(task, 'requirements')).map((each) => ({ ...each, task: textOf(member(task, 'id')) ?? '' })));
    return [
      ...twice({ names: ids, place: COVERAGE_NAME }),
      ...unknownNames({ names: mapped, known: view.graph.index, kind: 'task', place: COVERAGE_NAME }),
      ...unknownNames({ names: fromTasks.filter(({ task }) => !finished.has(task)), known, kind: 'requirement', place: 'a task' }),
      ...mapped.filter(({ text, requirement }) => view.graph.index.has(text) && !cited.has(`${requirement} ${text}`)).map(({ text, requirement, where }) => reference(`coverage.json says that ${quote(text)} covers ${quote(requirement)}, and the task does not`, where)),
      ...fromTasks.filter(({ text, task }) => known.has(text) && !pairs.has(`${text} ${task}`)).map(({ text, task, where }) => reference(`task ${quote(task)} says that it covers ${quote(text)}, and coverage.json does not`, where)),
      ...shareFinding(member(coverage, 'normative'), share(requirements.filter(isNormative))),
      ...shareFinding(member(coverage, 'all'), share(requirements)),
    ];
  },
};
