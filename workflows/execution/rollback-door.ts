/** The signal and the update that ask for a rollback of an open execution, and what rollbacks and attempts say of themselves. */
import { condition, defineSignal, defineUpdate, patched, setHandler } from '@temporalio/workflow';
import { INTERNAL_SIGNAL, SIGNAL, UPDATE } from '../../model/message.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { readCompensating, readRollbackRequest } from '../../model/rollback-guard.ts';
import type { RollbackReceipt } from '../../model/rollback.ts';
import { control } from '../control.ts';
import type { Driver } from './driver.ts';
import type { Slot } from './handlers.ts';
import { refusal, rejectedEvent } from './rejection.ts';
import { PLANNING } from './rollbacks.ts';

/** Executions of before answer when the rollback is decided. */
const ANSWERS_WHEN_THERE = 'answers-when-rollback-is-there';

export const setRollbackHandlers = (slot: Slot): void => {
  setHandler(defineSignal<[unknown]>(SIGNAL.rollback), async (payload) => {
    const driver = await loaded(slot);
    const receipt = await rollBack(driver, payload).catch((error: unknown) => fail([unplanned(error)]));
    if (!receipt.ok) driver.emit(rejectedEvent(SIGNAL.rollback, receipt.error));
  });
  setHandler(
    defineUpdate<RollbackReceipt, [unknown]>(UPDATE.applyRollback),
    async (payload) => {
      const receipt = await rollBack(await loaded(slot), payload).catch((error: unknown) => fail([unplanned(error)]));
      if (!receipt.ok) throw refusal(receipt.error);
      return receipt.value;
    },
    {
      validator: (payload) => {
        const request = readRollbackRequest(payload);
        const problems = request.ok ? slot.driver?.scheduler.refuseRollback() : request.error;
        if (problems) throw refusal(problems);
      },
    },
  );
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.rollbackEnded), async (number) => (await loaded(slot)).rollbacks.isEnding(number));
  setHandler(defineSignal<[unknown]>(INTERNAL_SIGNAL.compensating), async (payload) => {
    const driver = await loaded(slot);
    const said = readCompensating(payload);
    const index = said && driver.scheduler.index.indexOf.get(said.task);
    if (said && index !== undefined) driver.push({ type: 'compensating', index, attempt: said.attempt });
  });
};

const loaded = async (slot: Slot): Promise<Driver> => {
  if (!slot.driver) await condition(() => slot.driver !== undefined);
  return slot.driver as Driver;
};

/** Planned beside what goes on; whatever has changed meanwhile refuses it. */
const rollBack = async (driver: Driver, payload: unknown): Promise<Result<RollbackReceipt>> => {
  const request = readRollbackRequest(payload);
  if (!request.ok) return request;
  const refused = driver.scheduler.refuseRollback();
  if (refused) return fail(refused);
  const { target, by, reason } = request.value;
  const number = driver.rollbacks.next;
  const planned = await control(PLANNING).planRollback({ execution: driver.carried.execution, target, number });
  if (!planned.ok) return planned;
  const { byHand, ...plan } = planned.value;
  const { rejected } = driver.apply({ type: 'rollback', number, automatic: false, target, ...plan, ...(by !== undefined && { by }), ...(reason !== undefined && { reason }) });
  if (rejected) return fail(rejected);
  if (patched(ANSWERS_WHEN_THERE)) await driver.rollbacks.untilThere(number);
  return ok({ rollback: plan.rollback, steps: plan.tasks.length, byHand });
};

const unplanned = (error: unknown): Problem => ({ code: 'TASKS3103', message: `the rollback could not be planned: ${error instanceof Error ? error.message : String(error)}` });
