/** Whether the commands of one attempt are suspended: set by who guards the machine, followed by who runs them. */

export interface Suspension {
  /** Why they are; undefined while they may run. */
  readonly why: string | undefined;
  /** All of it so far, in milliseconds: no limit of the attempt's runs meanwhile. */
  readonly totalMs: number;
  /** Called after each change. Disposing of what it answers ends that. */
  onChange(listener: () => void): Disposable;
}

export interface SuspensionSwitch extends Suspension {
  suspend(why: string): void;
  resume(): void;
}

export const createSuspension = (): SuspensionSwitch => {
  let why: string | undefined;
  let since = 0;
  let earlierMs = 0;
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  return {
    get why() {
      return why;
    },
    get totalMs() {
      return earlierMs + (why === undefined ? 0 : performance.now() - since);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    suspend: (reason) => {
      if (why !== undefined) return;
      why = reason;
      since = performance.now();
      tell();
    },
    resume: () => {
      if (why === undefined) return;
      earlierMs += performance.now() - since;
      why = undefined;
      tell();
    },
  };
};

/** Resolves at once when it is not suspended; when the signal is aborted it waits no longer. */
export const untilResumed = async (suspension: Suspension, signal: AbortSignal): Promise<void> => {
  if (suspension.why === undefined || signal.aborted) return;
  await new Promise<void>((resolve) => {
    const look = (): void => {
      if (suspension.why !== undefined && !signal.aborted) return;
      following[Symbol.dispose]();
      signal.removeEventListener('abort', look);
      resolve();
    };
    const following = suspension.onChange(look);
    signal.addEventListener('abort', look, { once: true });
  });
};
