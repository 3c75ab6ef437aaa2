/** Written playbooks to what is stored of them. */
import { durationMs } from '../../model/scalar.schema.ts';
import type { Playbook, PlaybookStep } from '../../model/healing.ts';
import { present } from '../read/optional.ts';
import type { WrittenPlaybook } from './playbooks.schema.ts';
import { uses } from './variables.ts';

const stepOf = (written: WrittenPlaybook['steps'][number], at: number): PlaybookStep => {
  const step = typeof written === 'string' ? { cmd: written } : written;
  return {
    name: step.name ?? String(at + 1),
    command: step.cmd,
    ...present({
      directory: step.directory,
      timeoutMs: step.timeout === undefined ? undefined : durationMs(step.timeout),
      retries: step.retries,
      onFailure: step.on_failure,
      eachWorkspace: uses(step.cmd, 'workspace') || undefined,
    }),
  };
};

export const mapPlaybook = (name: string, written: WrittenPlaybook): Playbook => ({
  name,
  ...present({ description: written.description }),
  variables: Object.fromEntries(Object.entries(written.variables ?? {}).map(([variable, value]) => [variable, String(value)])),
  steps: written.steps.map(stepOf),
});
