/**
 * Ctrl-C and SIGTERM. A command that can wind down asks for {@link Interrupt.signal}: the first interrupt
 * aborts it, the second ends the process. For a command that never asked, the first one does.
 */
export class Interrupt {
  readonly #controller = new AbortController();
  readonly #end: () => void;
  #listened = false;

  constructor(end: () => void) {
    this.#end = end;
  }

  get signal(): AbortSignal {
    this.#listened = true;
    return this.#controller.signal;
  }

  /** Whether the command winds down by itself when it is interrupted. */
  get listens(): boolean {
    return this.#listened;
  }

  get happened(): boolean {
    return this.#controller.signal.aborted;
  }

  fire(): void {
    if (!this.#listened || this.#controller.signal.aborted) {
      this.#end();
      return;
    }
    this.#controller.abort();
  }
}

/** Resolves at the first interrupt. */
export const interrupted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
