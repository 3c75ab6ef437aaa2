import type { Executor } from './executor.ts';

/** Does nothing and succeeds: for trying out how a plan runs. */
export const noopExecutor: Executor = { name: 'noop', steps: () => ({ ok: true, verify: false }) };
