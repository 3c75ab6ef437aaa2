/** Tasks of a draft that are the same thing said twice become one: the same words of the title in one feature, or the same words and the same requirements. */
import { contentWords } from '../../wording/content-words.ts';
import type { Findings } from './findings.ts';
import { named } from './findings.ts';
import type { HeldTask } from './held.ts';

export interface MergedTasks {
  readonly tasks: readonly HeldTask[];
  /** By the drafter's id, the task that it is part of. An id that is given twice means the first. */
  readonly homes: ReadonlyMap<string, HeldTask>;
}

const wordsOf = ({ title }: HeldTask): string => [...new Set(contentWords(title))].sort().join(' ') || title.toLowerCase();

export const mergeTasks = (tasks: readonly HeldTask[], findings: Findings): MergedTasks => {
  const kept: HeldTask[] = [];
  const places = new Map<string, number>();
  const homes = new Map<string, number>();
  for (const task of tasks) {
    const requirements = task.units.map(({ id }) => id).join(',');
    const keys = [JSON.stringify(['feature', task.feature, task.kind, wordsOf(task)]), ...(requirements === '' ? [] : [JSON.stringify(['requirements', requirements, task.kind, wordsOf(task)])])];
    const at = keys.map((key) => places.get(key)).find((place) => place !== undefined);
    const first = at === undefined ? undefined : kept[at];
    const where = named('task', task.id, task.title);
    if (at !== undefined && first) {
      findings.add('merged', where, `it is ${first.id} once more`);
      kept[at] = joined(first, task);
      if (!homes.has(task.id)) homes.set(task.id, at);
      continue;
    }
    const place = kept.push(task) - 1;
    for (const key of keys) places.set(key, place);
    if (homes.has(task.id)) findings.add('repaired', where, 'its id is given twice: dependencies that name it mean the first');
    else homes.set(task.id, place);
  }
  return { tasks: kept, homes: new Map([...homes].flatMap(([id, at]) => (kept[at] ? [[id, kept[at]]] : []))) };
};

const union = <T>(a: readonly T[], b: readonly T[]): readonly T[] => [...new Set([...a, ...b])];

/** The larger of both estimates: it is one piece of work. */
const joined = (first: HeldTask, second: HeldTask): HeldTask => ({
  ...first,
  ...(second.hours > first.hours && { hours: second.hours, ...(second.spread && { spread: second.spread }) }),
  units: [...union(first.units, second.units)].sort((a, b) => a.start - b.start),
  evidence: [...first.evidence, ...second.evidence.filter(({ loc }) => !first.evidence.some((each) => each.loc.start === loc.start && each.loc.end === loc.end))],
  writes: union(first.writes, second.writes),
  reads: union(first.reads, second.reads),
  produces: union(first.produces, second.produces),
  consumes: union(first.consumes, second.consumes),
  extends: union(first.extends, second.extends),
  imports: union(first.imports, second.imports).filter((name) => !first.extends.includes(name) && !second.extends.includes(name)),
  checks: [...new Map([...first.checks, ...second.checks].map((check) => [JSON.stringify(check), check])).values()],
});
