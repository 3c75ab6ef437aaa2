/** A worker and a command of different versions can still work together; whoever looks for a fault must know. */
import type { ExecutionState } from '../../model/message.ts';
import type { Context } from './context.ts';

export const warnOfVersion = ({ out, version }: Context, state: ExecutionState | undefined): void => {
  const worker = state?.version_info.worker;
  if (worker !== undefined && worker !== version) out.warn(`the worker runs version ${worker} of tasks, this command is version ${version}`);
};
