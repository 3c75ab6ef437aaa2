/** Workers that can do everything, or each what it is made for. */
import type { View } from '../facts/view.ts';
import { sum, total } from '../facts/task-hours.ts';
import { bounded, named } from '../lists.ts';
import { code, text } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';
import type { Decision } from './decision.ts';
import { walkOf } from '../facts/models.ts';

const setOf = (capabilities: readonly string[]): string => [...new Set(capabilities)].sort((a, b) => (a < b ? -1 : 1)).join('\n');

export const workerDecisions = (view: View): readonly Decision[] => {
  const { tasks } = view.tasks;
  const sets = new Map<string, string[]>();
  for (const task of tasks) {
    const key = setOf(task.resource_requirements.worker_capabilities_required);
    const list = sets.get(key);
    if (list) list.push(task.id);
    else sets.set(key, [task.id]);
  }
  if (sets.size < 2) return [];
  const capabilities = [...new Set([...sets.keys()].flatMap((key) => key.split('\n')))].filter((each) => each !== '');
  const walk = walkOf(view.forecast, view.options.executionModel);
  const kinds = [...sets].map(([key, ids]) => {
    const mine = new Set(ids);
    const peak = walk.snapshots.reduce((most, { running }) => Math.max(most, running.filter((id) => mine.has(id)).length), 0);
    return { capabilities: key === '' ? [] : key.split('\n'), tasks: tasks.filter(({ id }) => mine.has(id)), peak };
  });
  const specialists = sum(kinds.map(({ peak }) => Math.max(1, peak)));
  const generic = Math.max(1, walk.maxConcurrency);
  const busy = ratio(walk.averageConcurrency, specialists);
  return [
    {
      title: 'Worker Specialization',
      context: [[`Tasks need ${counted(capabilities.length, 'capability', 'capabilities')} (`, ...named(capabilities), `) in ${counted(sets.size, 'combination')}:`]],
      facts: bounded(kinds, { one: 'combination' }, ({ capabilities: of, tasks: list, peak }) => [...(of.length === 0 ? ['nothing in particular'] : named(of)), `: ${counted(list.length, 'task')}, ${hours(total(list))}, ${counted(peak, 'task')} at once at most`]),
      options: [
        { title: 'Generic Workers', pros: 'Any worker takes any task: none is idle while something is ready', cons: `Each of them has to be able to do all ${counted(capabilities.length, 'thing')}`, more: [['Workers', `${counted(generic, 'worker')} with ${counted(capabilities.length, 'capability', 'capabilities')} each, for ${counted(generic, 'task')} at once`]] },
        { title: 'One Pool for Each Combination', pros: 'Each worker has only the tools that its tasks need', cons: `A specialist is idle while there is nothing for it${busy === undefined ? '' : `: ${percent(Math.min(1, busy))} of the workers are busy on average`}`, more: [['Workers', `${counted(specialists, 'worker')} in ${counted(sets.size, 'pool')}, so that nobody waits for one`]] },
        { title: 'Matched by Capability', isSelected: true, pros: 'Each task asks for what it needs, and any worker that has it takes the task: generic and special workers side by side', cons: 'Workers have to announce what they can; a capability that none has stops its tasks', more: [['Workers', `${figure(Math.min(generic, specialists), 0)} to ${counted(Math.max(generic, specialists), 'worker')}, depending on how many can do everything`]] },
      ],
      rationale: ['It works with the workers that are there, whichever they are', `The rarest combination is needed by ${counted(Math.min(...kinds.map((each) => each.tasks.length)), 'task')} only, which does not fill a worker's time`],
      notes: [['Tasks state ', code('worker_capabilities_required'), '; at least one worker must announce each of: ', ...named(capabilities, text, 12)]],
    },
  ];
};
