/** What a dry run says of pre-emption, background tasks, pressure and limits of machines: a short line of each that is set. */
import { DEFAULT_POLICIES, PRIORITY } from '../../model/graph.ts';
import type { MachineLimits, Policies } from '../../model/graph.ts';
import { counted } from './view/counts-text.ts';

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(PRIORITY).map(([name, priority]) => [priority, name]));

const preemptionLines = ({ enabled, order }: Policies['preemption']): readonly string[] => {
  if (!enabled) return [];
  const [first, ...rest] = order.map((priority) => NAMES.get(priority) ?? `priority ${priority}`);
  if (first === undefined) return ['Pre-emption: of no class'];
  return [`Pre-emption: ${first}${rest.length > 0 ? `, then ${rest.join(', ')}` : ''}`];
};

const backgroundLines = ({ maxTasks }: Policies['background'], tasks: number): readonly string[] => {
  if (tasks === 0 && maxTasks === undefined) return [];
  return [`Background: ${counted(tasks, 'task', 'tasks')}, ${maxTasks === undefined ? 'in what others leave' : `at most ${maxTasks} at once`}`];
};

const backpressureLines = ({ errorsPerMinute, coolDownMs, resumeRate }: Policies['backpressure']): readonly string[] => {
  if (errorsPerMinute === undefined && resumeRate === undefined && coolDownMs === DEFAULT_POLICIES.backpressure.coolDownMs) return [];
  const limit = errorsPerMinute === undefined ? '' : `${errorsPerMinute} failure${errorsPerMinute === 1 ? '' : 's'}/min; `;
  const rate = resumeRate === undefined ? '' : `, ${resumeRate} task/s`;
  return [`Backpressure: ${limit}again after ${coolDownMs / 1_000} s${rate}`];
};

const limitText = (name: string, limit: MachineLimits['cpu']): readonly string[] => {
  if (!limit) return [];
  const { soft, hard } = limit;
  if (soft === undefined) return [`${name} hard ${hard} %`];
  return [`${name} ${soft} %${hard === undefined ? '' : ` (hard ${hard} %)`}`];
};

const limitLines = (machine: MachineLimits | undefined): readonly string[] =>
  machine ? [`Limits: ${[...limitText('cpu', machine.cpu), ...limitText('memory', machine.memory)].join(', ')}`] : [];

/** `background` is the number of background tasks. */
export const pressureLines = (run: { readonly policies: Policies; readonly machine?: MachineLimits; readonly background: number }): readonly string[] => [
  ...preemptionLines(run.policies.preemption),
  ...backgroundLines(run.policies.background, run.background),
  ...backpressureLines(run.policies.backpressure),
  ...limitLines(run.machine),
];
