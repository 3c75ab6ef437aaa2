/** The plan as a rolling frontier: what starts at once, what happens when, and whether it is better than waves. */
import { isLess } from '../facts/models.ts';
import type { Moment, Waiting } from '../facts/moments.ts';
import { momentsOf } from '../facts/moments.ts';
import { resourceName } from '../facts/usage.ts';
import type { View } from '../facts/view.ts';
import { bounded, joined, named } from '../lists.ts';
import type { Block, Inline, Line, Phrase } from '../markdown/nodes.ts';
import { bullets, code, heading, numbered, paragraph, strong, text, titled } from '../markdown/nodes.ts';
import { agrees, counted, figure, hours, percent, ratio } from '../numbers.ts';

const MAX_MOMENTS = 20;
const MAX_FREED = 5;
const ids = (list: readonly string[]): readonly Inline[] => named(list, text);

const holds = (id: string, { shared }: View): readonly Inline[] => {
  const held = shared.filter(({ units }) => units.has(id));
  return held.length === 0 ? [] : [' (holds ', ...joined(held.map(({ name, units, capacity }) => (capacity === 1 ? code(name) : [code(name), `: ${units.get(id)} of ${capacity}`]))), ')'];
};

const frontier = (view: View): readonly Block[] => {
  const { initial_frontier: first } = view.waves.execution_models.rolling_frontier;
  const walked = view.forecast.rolling.snapshots[0];
  const started = first.filter((id) => walked?.running.includes(id));
  const firstLine = (id: string): Line => [text(id), ': ', ...titled(view.taskOf.get(id)?.title ?? id), ...holds(id, view)];
  return [
    heading(3, 'Initial Frontier (Time 0h)'),
    paragraph([strong('Ready to Execute'), `: ${counted(first.length, 'task')}${started.length < first.length ? `, of which ${figure(started.length, 0)} ${agrees(started.length, 'starts', 'start')} at once` : ''}`]),
    ...(first.length === 0 ? [] : [bullets(bounded(first, { one: 'task' }, firstLine))]),
  ];
};

const waits = (waiting: readonly Waiting[], { options }: View): readonly Line[] => {
  const placeless = waiting.filter(({ resource }) => resource === undefined).map(({ task }) => task);
  const held = bounded(
    waiting.filter(({ resource }) => resource !== undefined),
    { one: 'task', max: 6 },
    ({ task, resource = '', holders }) => [text(task), ' waits for ', code(resource), ...(holders.length > 0 ? [', held by ', ...ids(holders)] : [])],
  );
  return [...held, ...(placeless.length === 0 ? [] : [[...ids(placeless), ` ${agrees(placeless.length, 'waits', 'wait')} for a place: ${counted(options.maxConcurrent, 'task')} at once, or what the machine has, ${agrees(options.maxConcurrent, 'is', 'are')} in use`]])];
};

interface Story {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isFirstCompletion: boolean;
  /** Somebody waits for a resource who did not wait a moment ago. */
  readonly isContention: boolean;
}

const titleOf = ({ completed, started, handedOn }: Moment, { isFirst, isLast, isFirstCompletion, isContention }: Story): readonly Inline[] => {
  if (isFirst) return ['Start'];
  if (isLast) return ['All Done'];
  if (isContention) return ['Resource Contention'];
  if (handedOn.length > 0) return [...named(handedOn, code, 2), ' Handed On'];
  if (isFirstCompletion) return [completed.length === 1 ? 'First Completion' : 'First Completions'];
  return [completed.length > 0 ? `${counted(completed.length, 'Task')} Completed` : `${counted(started.length, 'Task')} Started`];
};

/** `P1.T001 (releases database_migrations)`. */
const completedWords = ({ completed, released }: Moment): readonly Inline[] => {
  const freed = completed.filter((id) => (released.get(id) ?? []).length > 0);
  const words = freed.slice(0, MAX_FREED).map((id): Phrase => [text(id), ' (releases ', ...named(released.get(id) ?? []), ')']);
  const rest = completed.filter((id) => !freed.slice(0, MAX_FREED).includes(id));
  return joined([...words, ...(rest.length > 0 ? [ids(rest)] : [])]);
};

const momentBlocks = (moment: Moment, title: readonly Inline[], view: View): readonly Block[] => {
  const line = (name: string, list: readonly string[]): readonly Line[] => (list.length === 0 ? [] : [[strong(name), ': ', ...ids(list)]]);
  const waiting = waits(moment.waiting, view);
  const lines: readonly Line[] = [
    ...(moment.completed.length === 0 ? [] : [[strong('Completed'), ': ', ...completedWords(moment)]]),
    ...line('Still Running', moment.stillRunning),
    ...line('Newly Ready', moment.newlyReady),
    ...line('Started', moment.started),
    ...(waiting.length === 0 ? [] : [{ line: [strong('Waiting'), ':'], below: waiting }]),
  ];
  return [heading(4, [`Time ${moment.label}: `, ...title]), ...(lines.length === 0 ? [paragraph('Nothing changes.')] : [bullets(lines)])];
};

const waiters = (moment: Moment | undefined): readonly string[] => (moment?.waiting ?? []).flatMap(({ task, resource }) => (resource === undefined ? [] : [task]));

const storyOf = (moments: readonly Moment[], index: number, firstCompletion: number): Story => {
  const moment = moments[index];
  const before = waiters(moments[index - 1]);
  return {
    isFirst: index === 0,
    isLast: index > 0 && index === moments.length - 1 && moment !== undefined && moment.stillRunning.length + moment.started.length + moment.waiting.length === 0,
    isFirstCompletion: index === firstCompletion,
    isContention: waiters(moment).some((id) => !before.includes(id)),
  };
};

const timeline = (view: View): readonly Block[] => {
  const moments = momentsOf(view.forecast.rolling.snapshots, view.shared);
  const isLong = moments.length > MAX_MOMENTS;
  const first = moments.findIndex(({ completed }) => completed.length > 0);
  const shown = [...moments.entries()].filter(([index]) => !isLong || index < MAX_MOMENTS - 1 || index === moments.length - 1);
  const left = moments.length - shown.length;
  return [
    heading(3, 'Execution Timeline Simulation'),
    paragraph('Every task takes its most likely time. What really happens follows the durations that tasks turn out to have.'),
    ...shown.flatMap(([index, moment]) => [
      ...(index === moments.length - 1 && left > 0 ? [paragraph(`… and ${counted(left, 'more moment')} before the last.`)] : []),
      ...momentBlocks(moment, titleOf(moment, storyOf(moments, index, first)), view),
    ]),
  ];
};

const compared = (name: string, rolling: number, waves: number): Line => {
  const figures = `${hours(rolling)} against ${hours(waves)}`;
  if (isLess(rolling, waves)) return [strong(name), `: ${figures} by waves, ${percent(ratio(waves - rolling, waves) ?? 0)} less`];
  if (isLess(waves, rolling)) return [strong(name), `: no better. ${figures} by waves, ${percent(ratio(rolling - waves, rolling) ?? 0)} more`];
  return [strong(name), `: no better. ${figures} by waves`];
};

const advantages = ({ forecast: { rolling, waveBased, optimalHours } }: View): readonly Block[] => {
  const busier = rolling.averageConcurrency - waveBased.averageConcurrency;
  const over = ratio(rolling.completion.p50, optimalHours);
  return [
    heading(3, 'Rolling Frontier Advantages'),
    numbered([
      compared('Efficiency', rolling.completion.p50, waveBased.completion.p50),
      compared('When tasks run late (P95)', rolling.completion.p95, waveBased.completion.p95),
      [strong('Use of workers'), `: ${busier > 0.05 ? '' : 'no better. '}${counted(rolling.averageConcurrency, 'task')} at once on average against ${figure(waveBased.averageConcurrency)} by waves`],
      ...(over === undefined ? [] : [[strong('Continuous progress'), `: ${over < 1.01 ? 'as long as the longest chain' : `${figure(over, 2)} times the longest chain`} (nothing ends sooner than that); ${counted(waveBased.waves.length, 'barrier')} of the waves ${agrees(waveBased.waves.length, 'falls', 'fall')} away`]]),
    ]),
    ...(rolling.waits.length === 0
      ? [paragraph('In this walk no ready task waits for a resource.')]
      : [paragraph('Ready tasks wait all the same:'), bullets(bounded(rolling.waits, { one: 'resource' }, ({ resource, tasks, hours: waited }) => [resourceName(resource), `: ${counted(tasks, 'task')} ${agrees(tasks, 'waits', 'wait')} ${hours(waited)} in all`]))]),
  ];
};

export const rollingSection = (view: View): readonly Block[] => [heading(2, 'Rolling Frontier Execution Plan'), ...frontier(view), ...timeline(view), ...advantages(view)];
