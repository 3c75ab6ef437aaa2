/** What is to be known of a shell command without running it. */

export interface Call {
  readonly name: string;
  /** Undefined where only the shell knows. */
  readonly args: readonly (string | undefined)[];
  /** Relative to where the command starts; undefined where that cannot be told. */
  readonly directory: string | undefined;
  /** It is run whatever happens before it, or the command has failed already; and when it fails, so does the command. */
  readonly decides: boolean;
}

/** How a command reads a variable that it does not set. */
export interface Use {
  readonly name: string;
  /** Without a value the command fails: `${NAME:?}`, or any use under `set -u`. */
  readonly isRequired: boolean;
}

export interface ShellCommand {
  /** In the order of the text. Functions of the command itself are left out. */
  readonly calls: readonly Call[];
  /** Each name once. */
  readonly uses: readonly Use[];
  /** It runs text that is not here: `eval`, `source`. Then nothing is known of its variables, nor of its path. */
  readonly isOpaque: boolean;
  /** It changes where programs are looked for. */
  readonly changesPath: boolean;
}
