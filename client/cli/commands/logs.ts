/** `tasks logs`: what a task's commands have written. */
import { setTimeout as delay } from 'node:timers/promises';
import { EXIT } from '../../../model/problem.ts';
import { findAttemptLog, readLog } from '../attempt-log.ts';
import type { AttemptLogRequest } from '../attempt-log.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import { withClient } from '../with-client.ts';
import { EXECUTION, resolveExecution, TASK } from './shared.ts';
import { withTaskHint } from './steer.ts';

const LOOK_EVERY_MS = 500;

export const logs: CommandSpec = {
  name: 'logs',
  group: 'Look',
  summary: 'Print the output of a task',
  description: ['Logs lie on the host that ran the attempt; on another one the error says where.'],
  arguments: [EXECUTION, TASK],
  options: [
    { name: 'attempt', value: 'N', kind: 'integer', minimum: 1, env: false, description: 'The attempt; the latest unless stated' },
    { name: 'follow', short: 'f', description: 'Go on until the attempt ends' },
  ],
  examples: [
    { says: 'The latest attempt', command: 'tasks logs @latest test-core' },
    { says: 'While it runs', command: 'tasks logs @latest build --follow' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { values, out, interrupt } = context;
      const execution = await resolveExecution(context, client);
      const task = argument(context, 1);
      const attempt = values.number('attempt');
      const request: AttemptLogRequest = { execution, task, ...(attempt !== undefined && { attempt }) };
      const found = await withTaskHint(client, { execution, task }, () => findAttemptLog(client, request));
      const asData = out.format === 'json' || out.format === 'jsonl';
      const parts: string[] = [];
      const write = (text: string): void => {
        if (asData) parts.push(text);
        else if (out.format === 'text') out.raw(text);
      };
      let at = await readLog(found.path, 0, write);
      if (values.flag('follow') && found.running) {
        const { signal } = interrupt;
        let running = true;
        while (running && !signal.aborted) {
          await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
          const view = await client.task(execution, task);
          // Asked before the last look, so that nothing written in between is missed.
          running = view.attempt === found.attempt && (view.state === 'RUNNING' || view.state === 'ASSIGNED');
          at = await readLog(found.path, at, write);
        }
      }
      if (asData) out.answer({ executionId: execution, task, attempt: found.attempt, path: found.path, text: parts.join('') }, () => '');
      else if (at === 0) out.hint(`Attempt ${found.attempt} of ${task} has written nothing`);
      return EXIT.ok;
    }),
};
