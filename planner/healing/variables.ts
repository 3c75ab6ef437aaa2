/**
 * Variables of playbooks. A step's command is not a template: `${workspace}` is the shell's own way to write an
 * environment variable, and that is what it is. So no value becomes shell text, whatever it holds.
 */

/** What every step knows: the workspace and the task that failed, all workspaces with failures (one a line), the breaker. */
export const BUILT_IN_VARIABLES: ReadonlySet<string> = new Set(['workspace', 'workspaces', 'task', 'breaker', 'execution']);

const USE = /\$\{([a-z][a-z0-9_]*)[}:#%/^,?+=-]/gu;
const ANY_USE = (name: string): RegExp => new RegExp(`\\$(?:\\{${name}[^a-z0-9_]|${name}(?![A-Za-z0-9_]))`, 'u');
const ASSIGNED = (name: string): RegExp => new RegExp(`(?:^|[;&|({\\s])(?:${name}=|for\\s+${name}\\b|read\\s+(?:-\\w+\\s+)*${name}\\b)`, 'u');

/** Variables in braces and lower case that nobody declares, and the command does not set itself. */
export const undeclared = (command: string, declared: ReadonlySet<string>): readonly string[] => {
  const used = new Set([...command.matchAll(USE)].map(([, name]) => name ?? ''));
  return [...used].filter((name) => !declared.has(name) && !ASSIGNED(name).test(command));
};

export const uses = (command: string, name: string): boolean => ANY_USE(name).test(command);
