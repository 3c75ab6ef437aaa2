/** A signal to a mutex, which is started where there is none. */
import { getExternalWorkflowHandle, workflowInfo } from '@temporalio/workflow';
import { mutexWorkflowId } from '../../model/ids.ts';
import { MUTEX_SIGNAL } from '../../model/mutex.ts';
import { control, LOOKING } from '../control.ts';

/** False when there is no such mutex. */
export const tellMutex = (domain: string, signal: keyof typeof MUTEX_SIGNAL, message: unknown): Promise<boolean> =>
  getExternalWorkflowHandle(mutexWorkflowId(domain))
    .signal(MUTEX_SIGNAL[signal], message)
    .then(
      () => true,
      () => false,
    );

/** Sent when it resolves. Tried for as long as it takes: without the mutex nothing can be granted. */
export const askMutex = async (domain: string, signal: keyof typeof MUTEX_SIGNAL, message: unknown): Promise<void> => {
  while (!(await tellMutex(domain, signal, message))) await control(LOOKING).ensureMutex({ domain, taskQueue: workflowInfo().taskQueue });
};
