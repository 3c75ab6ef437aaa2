/** Options of `tasks plan` that have a model, or any program, draft. Whatever it answers is checked (`planner/drafters`). */
import type { OptionSpec } from './command-spec.ts';

export const DRAFTERS = ['anthropic', 'openai-compatible', 'command'] as const;
export type DrafterName = (typeof DRAFTERS)[number];

export const DEFAULT_DRAFTER_TIMEOUT = 600;

export const DRAFTER_OPTIONS: readonly OptionSpec[] = [
  { name: 'drafter', value: 'NAME', choices: DRAFTERS, description: 'Have a model or a program draft; what does not hold of its draft is dropped, and nothing is sent anywhere without this option' },
  { name: 'drafter-model', value: 'MODEL', description: 'With --drafter anthropic or openai-compatible: the model, as its provider calls it' },
  { name: 'drafter-url', value: 'URL', description: 'With --drafter anthropic or openai-compatible: where the interface is, unless at its provider; http://localhost:11434/v1 for Ollama' },
  { name: 'drafter-command', value: 'COMMAND', description: 'With --drafter command: a program that reads the request as JSON from standard input and writes its draft as JSON to standard output' },
  { name: 'drafter-secret', value: 'NAME', kind: 'list', description: 'With --drafter command: environment variables that it gets although they look like secrets' },
  { name: 'drafter-timeout', value: 'SECONDS', kind: 'number', minimum: 1, maximum: 7_200, description: `Time that a drafter has for one answer; ${DEFAULT_DRAFTER_TIMEOUT} unless stated` },
  { name: 'drafter-cache', value: 'DIR', description: 'Where answers are kept, and looked for before anybody is asked; in the cache directory of the user unless stated' },
  { name: 'drafter-cache-only', description: 'Take answers from the cache alone: a plan is made again without anybody being asked, or not at all' },
];
