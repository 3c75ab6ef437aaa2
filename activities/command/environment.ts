/**
 * The environment of a command: the worker's without its secrets, then the plan's, then ours. Ids and paths
 * reach a command only this way, never as shell text.
 */
import { isSecretName, secretValues } from '../../model/secret-names.ts';

export interface EnvironmentRequest {
  readonly worker: Readonly<Record<string, string | undefined>>;
  readonly plan?: Readonly<Record<string, string>> | undefined;
  /** A name listed here is handed on from the worker even when it looks like a secret: the task asks for it. */
  readonly secrets?: readonly string[] | undefined;
  /** `TASKS_EXECUTION_ID` and the like; the plan cannot replace them. One without a value is not set, whoever sets it. */
  readonly own: Readonly<Record<string, string | undefined>>;
}

export interface CommandEnvironment {
  readonly variables: Readonly<Record<string, string>>;
  /** Every value to redact, of the worker's environment as well as of the command's. */
  readonly secrets: readonly string[];
}

/** Undefined when fit; otherwise what is wrong with a variable that the plan sets. */
export const environmentProblem = (plan: Readonly<Record<string, string>>): string | undefined => {
  for (const [name, value] of Object.entries(plan)) {
    if (name === '' || /[=\0]/.test(name)) return `The name of an environment variable must not be empty or hold "=" or NUL: ${JSON.stringify(name)}.`;
    if (typeof value !== 'string') return `The value of the environment variable ${JSON.stringify(name)} is not text.`;
    if (value.includes('\0')) return `The value of the environment variable ${JSON.stringify(name)} holds a NUL character.`;
  }
  return undefined;
};

export const commandEnvironment = ({ worker, plan = {}, secrets = [], own }: EnvironmentRequest): CommandEnvironment => {
  const wanted = new Set(secrets);
  const entries = new Map<string, string>();
  for (const [name, value] of Object.entries(worker)) {
    if (value !== undefined && (wanted.has(name) || !isSecretName(name))) entries.set(name, value);
  }
  for (const [name, value] of Object.entries(plan)) entries.set(name, value);
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined) entries.delete(name);
    else entries.set(name, value);
  }
  // fromEntries defines own properties, so that a variable called __proto__ is only a variable.
  const variables = Object.fromEntries(entries);
  const values = new Set([...secretValues({ environment: worker, marked: secrets }), ...secretValues({ environment: variables, marked: secrets })]);
  return { variables, secrets: [...values] };
};
