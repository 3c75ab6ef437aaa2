import type { Executor } from './executor.ts';

/** Runs the task's own command. */
export const commandExecutor: Executor = {
  name: 'command',
  steps: ({ id, command }) =>
    command === undefined || command.trim() === ''
      ? { ok: false, message: `Task ${id} has no command: give it "cmd", or choose the executor "human" or "noop".` }
      : { ok: true, command, verify: true },
};
