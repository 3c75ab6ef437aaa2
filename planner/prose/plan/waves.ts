/** The plan as waves: what is in each, how long it takes, what must hold at its end, and what was put off. */
import { CATEGORIES } from '../../artifacts/task.schema.ts';
import type { PlannedTask } from '../../artifacts/task.schema.ts';
import type { PlannedWave } from '../../artifacts/waves.schema.ts';
import { checkWords, gatesOf } from '../facts/checks.ts';
import type { Deferral } from '../facts/deferrals.ts';
import { deferrals } from '../facts/deferrals.ts';
import { gatesAt } from '../facts/gates.ts';
import { HOURS_A_DAY } from '../facts/task-hours.ts';
import { isMachine, machineWords } from '../facts/usage.ts';
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Block, Inline, Line } from '../markdown/nodes.ts';
import { bullets, code, heading, paragraph, strong, text, titled } from '../markdown/nodes.ts';
import { counted, figure, hours, hoursInWords, percent } from '../numbers.ts';

const MAX_GATES = 10;
const MAX_TASKS = 30;
const ids = (list: readonly string[]): readonly Inline[] => named(list, text);

/** After the category of most of its tasks. */
const waveName = (tasks: readonly PlannedTask[]): string => {
  const counts = CATEGORIES.map((category) => ({ category, count: tasks.filter((task) => task.category === category).length }));
  const first = counts.reduce((best, each) => (each.count > best.count ? each : best));
  return `${first.category.slice(0, 1).toUpperCase()}${first.category.slice(1)}`;
};

const usageLines = (wave: PlannedWave, { shared }: View): readonly Line[] => {
  const usage = Object.entries(wave.resource_usage);
  const machine = machineWords(new Map(usage));
  const held = usage.flatMap(([name, units]): readonly Line[] => {
    if (isMachine(name) || units === 0) return [];
    const one = shared.find((each) => each.name === name);
    const users = wave.tasks.filter((id) => one?.units.has(id));
    const turns = one && users.length > one.capacity ? ', in turns' : '';
    return [[code(name), `: ${figure(units)}${one ? `/${one.capacity}` : ''}`, ...(users.length > 0 ? [' (', ...ids(users), `${turns})`] : [])]];
  });
  return [...held, ...(machine === undefined ? [] : [`At most ${machine} at once`])];
};

const noteOf = ({ task, wave, earliest, because }: Deferral): Line => {
  const subject = [strong(task), ` to wave ${wave}, although its dependencies would let it be in wave ${earliest}: `];
  if (because.kind === 'full') return [...subject, `wave ${wave - 1} is full`];
  if (because.kind === 'apart') return [...subject, 'it does not run beside ', ...ids(because.from), ` of wave ${wave - 1}`];
  return [...subject, ...ids(because.holders), ` of wave ${wave - 1} ${because.holders.length === 1 ? 'holds' : 'hold'} `, code(because.resource)];
};

const FALLBACKS = { deferOptional: 'optional tasks are put off', wait: 'the wave waits on', fail: 'the execution fails' } as const;

const barrier = ({ barrier: { quorum, timeoutMinutes, fallback } }: PlannedWave): string =>
  `A wave ends when ${quorum >= 1 ? 'all' : percent(quorum)} of its tasks are done; after ${counted(timeoutMinutes, 'minute')} of waiting for the rest, ${FALLBACKS[fallback]}.`;

interface Extra {
  readonly notes: readonly Deferral[];
  /** Unless it was said of all waves. */
  readonly barrier: string;
}

const waveBlocks = (wave: PlannedWave, view: View, { notes, barrier: ends }: Extra): readonly Block[] => {
  const tasks = wave.tasks.flatMap((id) => view.taskOf.get(id) ?? []);
  const { p50Hours, p80Hours, p95Hours } = wave.estimates;
  const gates = gatesOf(tasks);
  const usage = usageLines(wave, view);
  return [
    heading(3, `Wave ${wave.waveNumber}: ${waveName(tasks)} (P50: ${hours(p50Hours)}, P80: ${hours(p80Hours)}, P95: ${hours(p95Hours)})`),
    paragraph([strong('Tasks'), `: ${counted(tasks.length, 'task')}`]),
    ...(tasks.length === 0 ? [] : [bullets(bounded(tasks, { one: 'task', max: MAX_TASKS }, ({ id, title }) => [text(id), ': ', ...titled(title)]))]),
    ...(usage.length === 0 ? [] : [paragraph([strong('Resource Usage'), ':']), bullets(usage)]),
    paragraph([strong('Quality Gates'), `: ${counted(gates.length, 'check')} of ${counted(tasks.length, 'task')}${ends === '' ? '' : `. ${ends}`}`]),
    ...(gates.length === 0 ? [] : [bullets(bounded(gates, { one: 'check', max: MAX_GATES }, ({ check, tasks: of }) => ({ line: [...checkWords(check), ' (', ...(of.length > 3 ? [counted(of.length, 'task')] : ids(of)), ')'], isOpen: true })))]),
    ...(notes.length === 0 ? [] : [paragraph([strong('Deferred'), ':']), bullets(bounded(notes, { one: 'task', max: MAX_GATES }, noteOf))]),
  ];
};

const timeline = ({ waves }: View): readonly Block[] => {
  const { p50_hours: p50, p80_hours: p80, p95_hours: p95 } = waves.execution_models.wave_based.estimated_completion;
  const line = (name: string, value: number): Line => [strong(name), `: ${hoursInWords(value)} (${figure(value / HOURS_A_DAY, 2)} working days of ${HOURS_A_DAY} hours)`];
  return [heading(3, 'Total Wave-Based Timeline'), bullets([line('P50', p50), line('P80', p80), line('P95', p95)])];
};

export const wavesSection = (view: View): readonly Block[] => {
  const { waves, config } = view.waves.execution_models.wave_based;
  const notes = deferrals({
    waves,
    maxWaveSize: config.maxWaveSize,
    gates: gatesAt(view.tasks.dependencies, view.options.minConfidence),
    shared: view.shared,
    apartOf: (id) => view.taskOf.get(id)?.scheduling_hints.avoid_concurrent_with ?? [],
  });
  const barriers = new Set(waves.map(barrier));
  const [shared = ''] = barriers.size === 1 ? barriers : [];
  return [
    heading(2, 'Wave-Based Execution Plan'),
    paragraph(`${counted(waves.length, 'wave')} of at most ${counted(config.maxWaveSize, 'task')}. The boxes are the acceptance checks of a wave's tasks, each once.${shared === '' ? '' : ` ${shared}`}`),
    ...waves.flatMap((wave) => waveBlocks(wave, view, { notes: notes.filter(({ wave: number }) => number === wave.waveNumber), barrier: shared === '' ? barrier(wave) : '' })),
    ...timeline(view),
  ];
};
