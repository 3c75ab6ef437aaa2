/**
 * The workflow of a queue's register, `quarantine/<task queue>`: which tasks are parked until a person revives them.
 * What it keeps is decided by `quarantine/register.ts`; here is only what Temporal must do for it: hear executions and
 * people, answer, and go on for ever. It is there from the first task that is quarantined. One that somebody ended has
 * forgotten all, and the next such task begins another.
 */
import { allHandlersFinished, ApplicationFailure, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { isQuarantineWorkflowId } from '../model/ids.ts';
import { setQuarantineHandlers } from './quarantine/handlers.ts';
import { QuarantineRegister } from './quarantine/register.ts';
import type { RegisterState } from './quarantine/register.ts';
import { registerSummary } from './quarantine/summary.ts';

/** Schema of {@link QuarantineRecord}; a change of its shape raises it and migrates what an older run hands over. */
const SCHEMA = 1;

/** Plain data, carried over continue-as-new. */
export interface QuarantineRecord {
  readonly schema: number;
  readonly register: RegisterState;
}

export async function quarantine(carried?: QuarantineRecord): Promise<void> {
  const { workflowId } = workflowInfo();
  if (!isQuarantineWorkflowId(workflowId)) throw ApplicationFailure.nonRetryable(`a register's workflow id is quarantine/<task queue>, not ${workflowId}`, 'TASKS3011');
  const register = new QuarantineRegister(carried?.register);
  const show = (): void => setCurrentDetails(registerSummary(register));
  setQuarantineHandlers({ register, onChange: show });
  show();
  await condition(() => workflowInfo().continueAsNewSuggested);
  await condition(allHandlersFinished);
  await continueAsNew<typeof quarantine>({ schema: SCHEMA, register: register.state });
}
