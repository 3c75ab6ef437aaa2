/** Groups of tasks that run one at a time, tasks that run alone, and tasks that avoid others. */
import type { DraftTask, Findings } from '../read/draft.ts';
import { problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';
import type { Implicit } from './implicit.ts';
import { collect, exclusive, reads, writes } from './implicit.ts';

/** `conflict_group`: one of the group at a time. */
const conflictAsks = (tasks: readonly DraftTask[]): Implicit['asks'] =>
  tasks.flatMap(({ exclusions: { conflictGroup } }, task) => (conflictGroup === undefined ? [] : [{ task, ask: writes(`conflict:${conflictGroup}`) }]));

/** `antiAffinity`: one task of each name at a time. */
const apartAsks = (tasks: readonly DraftTask[]): Implicit['asks'] =>
  tasks.flatMap(({ exclusions: { apart = [] } }, task) => apart.map((name) => ({ task, ask: writes(`apart:${name}`) })));

/**
 * `parallel_ok: false`: where one task runs alone, each of its phase asks for the phase: that one to write, the
 * others to read. A format without phases is one phase, `phase:all`.
 */
const phaseAsks = (tasks: readonly DraftTask[]): Implicit['asks'] => {
  const phaseOf = ({ exclusions: { phase = 'all' } }: DraftTask): string => phase;
  const alone = new Set(tasks.filter(({ exclusions }) => exclusions.alone).map(phaseOf));
  return tasks.flatMap((each, task) => {
    const phase = phaseOf(each);
    if (!alone.has(phase) || isIdle(each)) return [];
    return [{ task, ask: each.exclusions.alone ? writes(`phase:${phase}`) : reads(`phase:${phase}`) }];
  });
};

/** A task that only waits for others, such as the end of its subtasks, is in nobody's way. */
const isIdle = ({ node }: DraftTask): boolean => node.executor === 'noop';

/** `avoid_concurrent_with`: the task avoided writes, those that avoid it read, so they may run beside each other. */
const avoidAsks = (tasks: readonly DraftTask[], findings: Findings): Implicit['asks'] => {
  const indices = new Map(tasks.map(({ id }, index) => [id, index]));
  const avoided = new Set<string>();
  const asks = tasks.flatMap(({ id, exclusions: { avoids = [] } }, task) =>
    avoids.flatMap((avoid) => {
      if (avoid.task === id) return [];
      if (indices.has(avoid.task)) {
        avoided.add(avoid.task);
        return [{ task, ask: reads(`avoid:${avoid.task}`) }];
      }
      const message = `${quote(id)} avoids ${quote(avoid.task)}, which does not exist`;
      findings.warnings.push(problemAt({ code: 'TASKS1203', message, where: avoid.where, hint: didYouMean(avoid.task, indices.keys()) }));
      return [];
    }),
  );
  return [...asks, ...[...avoided].map((id) => ({ task: indices.get(id) ?? 0, ask: writes(`avoid:${id}`) }))];
};

export const groupAsks = (tasks: readonly DraftTask[], findings: Findings): Implicit =>
  collect([...conflictAsks(tasks), ...apartAsks(tasks), ...phaseAsks(tasks), ...avoidAsks(tasks, findings)], exclusive);
