/** Where the plan may go wrong, and what is done about it. */
import { gatesAt } from '../facts/gates.ts';
import { hubs } from '../facts/reach.ts';
import { isContended } from '../facts/shared.ts';
import type { View } from '../facts/view.ts';
import type { Dag } from '../../artifacts/dag.schema.ts';
import { bounded, named } from '../lists.ts';
import type { Block, Inline, Item, Line } from '../markdown/nodes.ts';
import { bullets, heading, numbered, paragraph, strong, text, titled } from '../markdown/nodes.ts';
import { counted, figure, hours, percent, ratio } from '../numbers.ts';

const MAX_RISKS = 3;
/** A gate this close to the threshold may be none. */
const MARGIN = 0.1;
/** Share of the plan that waits for one task. */
const MUCH = 0.25;
const ids = (list: readonly string[]): readonly Inline[] => named(list, text);

const risk = (line: readonly Inline[], what: readonly Inline[], mitigation: readonly Inline[]): Item => ({ line, below: [['Risk: ', ...what], ['Mitigation: ', ...mitigation]] });

const turns = ({ shared }: View): readonly Item[] =>
  shared
    .filter((one) => isContended(one) && one.resource.type === 'exclusive')
    .slice(0, MAX_RISKS)
    .map(({ name, units, wait, resource }) =>
      risk(
        [strong(`Turns at ${name}`), ` (${counted(units.size, 'task')}${wait ? `, ${hours(wait.hours)} of waiting` : ''}): `, ...ids([...units.keys()])],
        [text(resource.reason)],
        ['granted to one task at a time; who waits holds nothing else meanwhile'],
      ),
    );

const central = ({ tasks, options, taskOf }: View): readonly Item[] => {
  const all = hubs(gatesAt(tasks.dependencies, options.minConfidence)).filter(({ downstream }) => (ratio(downstream, tasks.tasks.length - 1) ?? 0) >= MUCH && downstream > 1);
  return all.slice(0, MAX_RISKS).map(({ task, downstream, direct }) => {
    const { retry_on_failure: isRetried, max_retries: retries } = taskOf.get(task)?.scheduling_hints ?? { retry_on_failure: false, max_retries: 0 };
    return risk(
      [strong(task), ': ', ...titled(taskOf.get(task)?.title ?? task)],
      [`${counted(downstream, 'task')} (${percent(ratio(downstream, tasks.tasks.length - 1) ?? 0)} of the others) cannot start before it is done, ${figure(direct, 0)} of them directly`],
      [isRetried && retries > 0 ? `it is tried again up to ${counted(retries, 'time')}; have it reviewed first` : 'it is not tried again by itself: have it reviewed first'],
    );
  });
};

const uncertain = ({ tasks, options }: View): readonly Item[] =>
  gatesAt(tasks.dependencies, options.minConfidence)
    .filter(({ confidence }) => confidence < Math.min(1, options.minConfidence + MARGIN))
    .toSorted((a, b) => a.confidence - b.confidence)
    .slice(0, MAX_RISKS)
    .map(({ from, to, confidence, reason, type }) =>
      risk(
        [strong(`${from} → ${to}`), ` (${type}, confidence: ${figure(confidence, 2)}): `, text(reason)],
        [text(to), ' waits in vain if this does not hold'],
        [`check it before the start; a confidence below ${figure(options.minConfidence, 2)} would let both run side by side`],
      ),
    );

type LeftOut = Dag['softDeps'][number];

const leftOut = (title: string, none: string, list: readonly LeftOut[]): readonly Block[] => [
  heading(3, title),
  list.length === 0
    ? paragraph(none)
    : bullets(bounded(list, { one: 'dependency', many: 'dependencies' }, ({ from, to, reason, confidence, type }): Line => [text(`${from} → ${to}`), ' (', text(reason), `; ${type}, confidence: ${figure(confidence, 2)})`])),
];

const cycles = ({ dag: { cycle_break_suggestions: all } }: View): readonly Block[] =>
  all.length === 0
    ? []
    : [
        heading(3, 'Cycles'),
        bullets(bounded(all, { one: 'cycle' }, ({ cycle, remove: [from, to], reason, applied }) => [...named(cycle, text), `: the dependency ${from} → ${to} ${applied ? 'was left out' : 'should be left out'} (`, text(reason), ')'])),
      ];

const late = ({ forecast, options }: View): readonly Block[] => {
  const { completion } = options.executionModel === 'rolling_frontier' ? forecast.rolling : forecast.waveBased;
  const more = completion.p95 - completion.p50;
  const share = ratio(more, completion.p50);
  return share === undefined || more <= 0 ? [] : [paragraph(`In one execution of twenty, tasks that run late make it at least ${hours(more)} (${percent(share)}) longer than the median of ${hours(completion.p50)}.`)];
};

export const risksSection = (view: View): readonly Block[] => {
  const high = [...turns(view), ...central(view), ...uncertain(view)];
  const { softDeps, lowConfidenceDeps } = view.dag;
  return [
    heading(2, 'Risk Analysis'),
    ...late(view),
    heading(3, 'High-Risk Dependencies'),
    high.length === 0 ? paragraph('None: no exclusive resource, no task that much of the plan waits for, and no dependency that only just gates.') : numbered(high),
    ...leftOut('Low-Confidence Dependencies (require validation)', `None: every hard dependency has a confidence of at least ${figure(view.options.minConfidence, 2)}.`, lowConfidenceDeps),
    ...leftOut('Soft Dependencies (parallelizable)', 'None.', softDeps),
    ...cycles(view),
  ];
};
