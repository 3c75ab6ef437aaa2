/** The answer to the `standing` query: all that a rollback is planned from. */
import type { GraphTask } from '../../model/graph.ts';
import type { PageRequest } from '../../model/message.ts';
import type { StandingHead, StandingPage, TaskStanding } from '../../model/rollback.ts';
import { occupiesSlot } from '../../model/state.ts';
import type { Driver } from './driver.ts';
import { page, statusOf } from './views.ts';

export const standingPage = (driver: Driver, request: Required<PageRequest>): StandingPage => ({
  ...(request.from === 0 && { head: headOf(driver) }),
  ...page(request, driver.scheduler.index.tasks.length, (index) => standingOf(driver, index)),
});

export const standingOf = (driver: Driver, index: number): TaskStanding => {
  const { records } = driver.carried.scheduler;
  const { state, attempt, acted, again } = records[index] as (typeof records)[number];
  const { failure } = driver.carried.attempts[index] ?? {};
  return {
    task: driver.scheduler.index.tasks[index] as GraphTask,
    state,
    attempt,
    // One that was under way when its execution was ended by force has begun, for all that anybody knows.
    acted: acted === true || (occupiesSlot(state) && attempt > 0),
    failed: state === 'FAILED' || state === 'QUARANTINED' || (state === 'ROLLED_BACK' && !again && failure !== undefined),
    passed: state === 'SUCCEEDED' || failure?.reason === 'check',
    ...noReturnOf(driver, index),
    ...(failure && { why: failure.message }),
  };
};

const noReturnOf = (driver: Driver, index: number): Pick<TaskStanding, 'noReturn'> => {
  const point = driver.progress.pointOfNoReturn(index);
  return point ? { noReturn: point.name } : {};
};

const headOf = (driver: Driver): StandingHead => {
  const { execution, workspace, graceMs, scheduler, rollbackOf } = driver.carried;
  const { name, sources, policies, resources, calendars } = scheduler.graph;
  return {
    execution,
    name,
    workspace,
    graceMs,
    status: statusOf(driver),
    ...(rollbackOf && { rollbackOf: rollbackOf.execution }),
    rollbacks: scheduler.rollback?.count ?? 0,
    sources,
    policies,
    ...(resources && { resources }),
    ...(calendars && { calendars }),
  };
};
