/** Executors that a plan brings, as workers use them. */
import type { WrittenExecutors } from '../../model/error-policy.schema.ts';
import type { PlanExecutor } from '../../model/executor.ts';
import { present } from '../read/optional.ts';

export const executorsOf = (written: WrittenExecutors): readonly PlanExecutor[] =>
  Object.entries(written).map(([name, { command, env, secrets }]) => ({
    name,
    command,
    ...present({
      environment: env && Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, String(value)])),
      secrets: secrets && secrets.length > 0 ? secrets : undefined,
    }),
  }));
