/** What more of a resource would save. */
import type { Forecast } from '../../simulate/forecast.ts';
import { isLess } from '../facts/models.ts';
import { isMachine, resourceName } from '../facts/usage.ts';
import type { View } from '../facts/view.ts';
import { bounded, named } from '../lists.ts';
import type { Block, Inline, Line } from '../markdown/nodes.ts';
import { bullets, heading, inlines, paragraph, strong, text } from '../markdown/nodes.ts';
import { agrees, counted, figure, hours, percent, ratio } from '../numbers.ts';

const MAX_RESOURCES = 10;
type Cost = Forecast['byResource'][number];

/** By the share of the execution that it costs. */
const severity = ({ hours: now, unlimited }: Cost): string => {
  const share = ratio(now - unlimited, now) ?? 0;
  if (share >= 0.15) return 'Critical';
  return share >= 0.05 ? 'Moderate' : 'Low';
};

const effect = (now: number, then: number): string => (isLess(then, now) ? `${hours(then)}, ${percent(ratio(now - then, now) ?? 0)} less` : `${hours(then)}: no sooner`);

const mitigation = ({ resource, hours: now, twice, unlimited }: Cost, { shared, dag }: View): readonly Line[] => {
  const told = dag.resource_bottlenecks.filter((each) => each.resource === resource).map(({ mitigation }): Line => text(mitigation));
  const isExclusive = shared.find(({ name }) => name === resource)?.resource.type === 'exclusive';
  if (!isLess(unlimited, now)) return [...told, 'Nothing to gain: the waiting falls into time that other tasks need anyway'];
  const what = isExclusive ? 'a second one of it' : 'twice as much';
  return [...told, isLess(twice, now) ? `Worth asking for ${what}: saves ${hours(now - twice)}` : `Not by ${what}, which saves nothing: only by tasks that do without`];
};

const costBlocks = (cost: Cost, view: View): readonly Block[] => {
  const shared = view.shared.find(({ name }) => name === cost.resource);
  const wait = view.forecast.rolling.waits.find(({ resource }) => resource === cost.resource);
  const affected = [...(shared?.units.keys() ?? view.dag.resource_bottlenecks.find(({ resource }) => resource === cost.resource)?.affected_tasks ?? [])];
  const { least, mine } = isMachine(cost.resource) ? { least: '', mine: figure(cost.capacity) } : { least: ' of it', mine: counted(cost.capacity, 'unit') };
  return [
    heading(3, [...inlines(resourceName(cost.resource)), ` (${severity(cost)})`]),
    bullets([
      [strong('Impact'), `: ${hours(cost.hours)} at the median with ${mine}; with twice as much${least} ${effect(cost.hours, cost.twice)}; with any amount ${effect(cost.hours, cost.unlimited)}`],
      ...(wait ? [[strong('Waiting'), `: ${counted(wait.tasks, 'task')} ${agrees(wait.tasks, 'waits', 'wait')} ${hours(wait.hours)} in all in the simulated walk`]] : []),
      ...(affected.length > 0 ? [[strong('Affected Tasks'), `: ${counted(affected.length, 'task')}: `, ...named(affected, text)]] : []),
      { line: [strong('Mitigation'), ':'], below: mitigation(cost, view) },
    ]),
  ];
};

/** Known to be shared, and in nobody's way. */
const harmless = ({ shared, forecast }: View): readonly Block[] => {
  const names = shared.filter(({ name }) => !forecast.byResource.some(({ resource }) => resource === name)).map(({ name }) => name);
  const list: readonly Inline[] = named(names, resourceName);
  return names.length === 0 ? [] : [paragraph(['Shared, and nobody waits for ', names.length === 1 ? 'it' : 'them', ' in the forecast: ', ...list, '.'])];
};

export const bottlenecksSection = (view: View): readonly Block[] => {
  const costs = view.forecast.byResource.toSorted((a, b) => b.hours - b.unlimited - (a.hours - a.unlimited));
  const rest = costs.slice(MAX_RESOURCES);
  return [
    heading(2, 'Resource Bottleneck Analysis'),
    ...(costs.length === 0 ? [paragraph('None: no task waits for a resource in the forecast.')] : []),
    ...costs.slice(0, MAX_RESOURCES).flatMap((cost) => costBlocks(cost, view)),
    ...(rest.length === 0 ? [] : [heading(3, 'Others'), bullets(bounded(rest, { one: 'resource' }, ({ resource, hours: now, unlimited }) => [resourceName(resource), `: ${hours(now)}; with any amount ${effect(now, unlimited)}`]))]),
    ...harmless(view),
  ];
};
