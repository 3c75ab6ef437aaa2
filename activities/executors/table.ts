/** The executors there are. A plan that names another one is refused before it starts. */
import { commandExecutor } from './command.ts';
import type { Executor } from './executor.ts';
import { humanExecutor } from './human.ts';
import { noopExecutor } from './noop.ts';

export const EXECUTORS: ReadonlyMap<string, Executor> = new Map(
  [commandExecutor, noopExecutor, humanExecutor].map((executor) => [executor.name, executor]),
);
