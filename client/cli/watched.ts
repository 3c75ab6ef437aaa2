/** `--watch` of what can only be asked for: it is asked again and again, and shown when it has changed. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Context } from './context.ts';

const AGAIN_MS = 1_000;

export interface Watched<T> {
  readonly ask: () => Promise<T>;
  readonly show: (found: T) => void;
}

/** Once without `--watch`; with it until the first Ctrl-C. Throws what `ask` throws. */
export const untilInterrupted = async <T>({ values, interrupt }: Context, { ask, show }: Watched<T>): Promise<void> => {
  const watched = values.flag('watch') ? interrupt.signal : undefined;
  for (let before: string | undefined; ; ) {
    const found = await ask();
    const seen = JSON.stringify(found);
    if (seen !== before) show(found);
    before = seen;
    if (!watched || watched.aborted) return;
    await delay(AGAIN_MS, undefined, { signal: watched }).catch(() => undefined);
    if (watched.aborted) return;
  }
};
