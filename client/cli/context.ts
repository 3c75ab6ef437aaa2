/** What a command is given: its words, where to write, and everything outside itself behind one interface. */
import type { CommandSpec } from './command-spec.ts';
import type { Interrupt } from './interrupt.ts';
import type { Output } from './output.ts';
import type { Services } from './services.ts';
import type { Values } from './values.ts';

export interface Context {
  /** Arguments in the order of the command's table; optional ones may be missing. */
  readonly args: readonly string[];
  readonly values: Values;
  readonly out: Output;
  readonly services: Services;
  readonly interrupt: Interrupt;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly version: string;
  /** Every command there is, for completions and documentation. */
  readonly commands: readonly CommandSpec[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An argument that the parser has made sure of. */
export const argument = (context: Context, index: number): string => context.args[index] ?? '';
