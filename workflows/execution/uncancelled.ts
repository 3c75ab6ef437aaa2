import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs a synchronous block outside the scope of whoever called: an event may come from the cancellation of the
 * workflow itself, and what it leads to must still be done.
 */
export const uncancelled = (block: () => void): void => {
  let failure: unknown;
  void CancellationScope.nonCancellable(() => {
    try {
      block();
    } catch (error) {
      failure = error;
    }
    return Promise.resolve();
  });
  if (failure !== undefined) throw failure as Error;
};
