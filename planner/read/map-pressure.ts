/** What is said of pressure, pre-emption and background tasks, as changes of policies and limits of machines. */
import type { MachineLimits } from '../../model/graph.ts';
import { priorityOf } from '../../model/scalar.schema.ts';
import type { BackpressureChanges, PolicyChanges, QuotaUse } from './draft.ts';
import { present } from './optional.ts';
import type { WrittenAllocation, WrittenBackpressure, WrittenLimits, WrittenParallelism } from './pressure.schema.ts';

const SECOND = 1_000;

/** The strictest of several statements; undefined when there is none. */
export const lowest = (stated: readonly (number | undefined)[]): number | undefined => {
  const numbers = stated.filter((each) => each !== undefined);
  return numbers.length > 0 ? Math.min(...numbers) : undefined;
};

const nonEmpty = <T extends object>(members: T): T | undefined => (Object.keys(members).length > 0 ? members : undefined);

const machineOf = (limits: { readonly [K in keyof MachineLimits]: { readonly soft: number | undefined; readonly hard: number | undefined } }): MachineLimits | undefined =>
  nonEmpty(present({ cpu: nonEmpty(present({ ...limits.cpu })), memory: nonEmpty(present({ ...limits.memory })) }));

/** Statements that hold together: of each limit the lowest; a soft one is never above the hard one. */
export const strictestMachine = (stated: readonly (MachineLimits | undefined)[]): MachineLimits | undefined => {
  const limit = (of: keyof MachineLimits): { readonly soft: number | undefined; readonly hard: number | undefined } => {
    const hard = lowest(stated.map((each) => each?.[of]?.hard));
    const soft = lowest(stated.map((each) => each?.[of]?.soft));
    return { soft: soft === undefined ? undefined : lowest([soft, hard]), hard };
  };
  return machineOf({ cpu: limit('cpu'), memory: limit('memory') });
};

/** Later ones win, limit by limit: statements of which one takes the place of the other. */
export const lastMachine = (stated: readonly (MachineLimits | undefined)[]): MachineLimits =>
  present({ cpu: nonEmpty(Object.assign({}, ...stated.map((each) => each?.cpu))), memory: nonEmpty(Object.assign({}, ...stated.map((each) => each?.memory))) });

/** What machines bear by policy, and by other statements that hold as well. */
export const withMachine = (changes: PolicyChanges, stated: readonly (MachineLimits | undefined)[] = []): PolicyChanges => {
  const { machine, ...rest } = changes;
  return present({ ...rest, machine: strictestMachine([machine, ...stated]) });
};

type Metric = NonNullable<WrittenBackpressure['triggers']>[number]['metric'];

const threshold = ({ triggers = [] }: WrittenBackpressure, metrics: readonly Metric[]): number | undefined =>
  lowest(triggers.filter(({ metric }) => metrics.includes(metric)).map((trigger) => trigger.threshold));

/** As many as there is room for, unless they are to begin gradually: then one a second unless stated. */
const resumeOf = ({ recovery }: WrittenBackpressure): Pick<BackpressureChanges, 'resumeRate'> => {
  if (recovery?.gradual_resume === false) return { resumeRate: undefined };
  const rate = recovery?.resume_rate ?? (recovery?.gradual_resume ? 1 : undefined);
  return rate === undefined ? {} : { resumeRate: rate };
};

export const mapBackpressure = (written: WrittenBackpressure): BackpressureChanges => {
  const coolDown = written.recovery?.cool_down_seconds;
  return {
    ...present({ errorsPerMinute: threshold(written, ['error_rate']), coolDownMs: coolDown === undefined ? undefined : Math.round(coolDown * SECOND) }),
    ...resumeOf(written),
  };
};

/** Triggers of CPU and memory are soft limits. */
export const mapTriggers = (written: WrittenBackpressure): MachineLimits | undefined =>
  machineOf({
    cpu: { soft: threshold(written, ['cpu', 'cpu_usage']), hard: undefined },
    memory: { soft: threshold(written, ['memory', 'memory_usage']), hard: undefined },
  });

export const mapPreemption = (written: WrittenAllocation): NonNullable<PolicyChanges['preemption']> | undefined =>
  nonEmpty(present({ enabled: written.preemption_enabled, order: written.preemption_priorities?.map(priorityOf) }));

export const mapQuotas = (written: WrittenAllocation): QuotaUse | undefined =>
  nonEmpty(present({ headroom: written.headroom_percent, oversubscribed: written.oversubscription_allowed }));

export const mapMachine = (written: WrittenLimits): MachineLimits | undefined =>
  machineOf({ cpu: { soft: written.cpu_percent_soft, hard: written.cpu_percent_hard }, memory: { soft: written.ram_percent_soft, hard: written.ram_percent_hard } });

/** Of several phases the lowest. */
export const mapParallelism = (parallelism: readonly WrittenParallelism[], limits: readonly WrittenLimits[]): PolicyChanges => {
  const atOnce = [...parallelism.map((each) => each.max_cli_workers), ...limits.map((each) => each.max_concurrent_tasks)];
  const maxTasks = lowest(parallelism.map((each) => each.max_bg_jobs));
  return present({ concurrencyMax: lowest(atOnce), background: maxTasks === undefined ? undefined : { maxTasks } });
};
