/** TASKS1321 to 1325: the quality metrics of spec/001, as warnings. */
import { COVERAGE_NAME } from '../../artifacts/bundle.ts';
import { isVerbFirst } from '../../artifacts/verb-first.ts';
import { placeOf } from '../../read/source.ts';
import { quote } from '../../read/words.ts';
import { redact } from '../../../model/redact.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, elements, member, textOf } from '../item.ts';
import { DENSITY, hoursOf, metricsOf, MIN_EVIDENCE, MIN_VERB_FIRST, TASK_HOURS } from '../metrics.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { isCovered, isNormative } from './coverage-references.ts';

const severity = 'warning';
const SHOWN = 20;
/** Of fewer tasks a density says nothing: two that depend on each other have one of 0.5. */
const MIN_TASKS = 3;

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const idOf = (item: Item): string => quote(textOf(member(item, 'id')) ?? '');
const listOf = (view: V3View, key: string) => member(view.file('tasks.json'), key).where;
const related = (items: readonly Item[], key: string): Finding['related'] & object =>
  items.slice(0, SHOWN).map((item) => ({ message: `${idOf(item)}: ${quote(textOf(member(item, key)) ?? '')}`, place: placeOf(member(item, key).where) }));

export const density: Rule = {
  code: 'TASKS1321',
  check: (view) => {
    if (view.tasks.length < MIN_TASKS) return [];
    const { edgeDensity, edgeDensityBeforeReduction } = metricsOf(view);
    const isOutside = (value: number): boolean => value < DENSITY.least || value > DENSITY.most;
    if (!isOutside(edgeDensity) && !isOutside(edgeDensityBeforeReduction)) return [];
    const shown = [edgeDensityBeforeReduction, edgeDensity].map((value) => value.toFixed(3));
    const isThin = edgeDensity < DENSITY.least;
    const stated = at(view.file('dag.json'), 'metrics', 'edgeDensity');
    return [
      findingAt({
        code: 'TASKS1321',
        severity,
        message: `the edge density is ${shown[1]} (${shown[0]} before the reduction), and usually from ${DENSITY.least} to ${DENSITY.most}`,
        where: stated.value === undefined ? listOf(view, 'dependencies') : stated.where,
        hint: isThin ? 'Look for dependencies that nobody wrote down; of a large plan whose parts have little to do with each other it may be right.' : 'Look for dependencies that are not needed: little runs side by side.',
      }),
    ];
  },
};

export const titles: Rule = {
  code: 'TASKS1322',
  check: (view) => {
    const wrong = view.tasks.filter((task) => !isVerbFirst(textOf(member(task, 'title')) ?? ''));
    const share = view.tasks.length === 0 ? 1 : 1 - wrong.length / view.tasks.length;
    if (share >= MIN_VERB_FIRST) return [];
    return [findingAt({ code: 'TASKS1322', severity, message: `${percent(share)} of the titles begin with a verb, less than ${percent(MIN_VERB_FIRST)}`, where: listOf(view, 'tasks'), hint: '"Add the login endpoint" rather than "Login endpoint".', related: related(wrong, 'title') })];
  },
};

export const evidenceCoverage: Rule = {
  code: 'TASKS1323',
  check: (view) => {
    const { evidence } = metricsOf(view);
    if (evidence >= MIN_EVIDENCE) return [];
    return [findingAt({ code: 'TASKS1323', severity, message: `${percent(evidence)} of tasks and dependencies have evidence, less than ${percent(MIN_EVIDENCE)}`, where: listOf(view, 'tasks') })];
  },
};

export const sizes: Rule = {
  code: 'TASKS1324',
  check: ({ tasks }) =>
    tasks.flatMap((task) => {
      const hours = hoursOf(task);
      if (hours === undefined || (hours >= TASK_HOURS.least && hours <= TASK_HOURS.most)) return [];
      const isLong = hours > TASK_HOURS.most;
      const message = `task ${idOf(task)} takes ${Math.round(hours * 100) / 100} hours, ${isLong ? `more than ${TASK_HOURS.most}` : `less than ${TASK_HOURS.least}`}`;
      return findingAt({ code: 'TASKS1324', severity, message, where: member(task, 'duration').where, hint: isLong ? 'Split it.' : 'Merge it with a task that it belongs to.' });
    }),
};

export const coverage: Rule = {
  code: 'TASKS1325',
  check: (view) =>
    elements(member(view.file(COVERAGE_NAME), 'requirements'))
      .filter((each) => isNormative(each) && !isCovered(each))
      .map((each) => findingAt({ code: 'TASKS1325', severity, message: `no task covers the requirement ${idOf(each)}: ${quote(redact(textOf(at(each, 'evidence', 'quote')) ?? ''))}`, where: member(each, 'tasks').where, hint: 'Let a task cite it, or give the "reason" why none does.'})),
};
