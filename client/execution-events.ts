/**
 * The events of an execution as one gapless stream: from the execution itself while it has them, from its
 * history where it no longer does.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ExecutionEvent } from '../model/event.ts';
import type { EventsPage } from '../model/message.ts';
import type { EventsOptions } from './api.ts';
import { askWorker } from './ask-worker.ts';
import { isPassing } from './failures.ts';

const PAGE = 500;
const PATIENCE_MS = 60_000;
const SHORTEST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1_000;

export interface EventSource {
  page(request: { readonly from: number; readonly limit: number }): Promise<EventsPage>;
  /** Events before `before`, rebuilt from history. */
  rebuild(range: { readonly from: number; readonly before: number }): AsyncIterable<ExecutionEvent>;
  /** False once the workflow has closed: then no page can bring anything new. */
  isOpen(): Promise<boolean>;
}

/**
 * A server that restarts and a worker that is missing for a while end no stream that follows; an execution that
 * has closed needs no worker at all.
 */
export async function* executionEvents(source: EventSource, options: EventsOptions = {}): AsyncGenerator<ExecutionEvent> {
  const { follow = false, signal, patienceMs = PATIENCE_MS } = options;
  let next = Math.max(1, options.from ?? 1);
  let failingSince: number | undefined;
  const page = async (request: Parameters<EventSource['page']>[0]): Promise<EventsPage> => {
    const answer = await askWorker({ ask: () => source.page(request), isOpen: () => source.isOpen() });
    failingSince = undefined;
    return answer;
  };
  for (;;) {
    try {
      for await (const event of eventsFrom({ ...source, page }, { ...options, from: next })) {
        next = event.seq + 1;
        yield event;
      }
      return;
    } catch (error) {
      if (signal?.aborted) return;
      if (!isPassing(error)) throw error;
      const open = await source.isOpen().catch(() => true);
      if (!open) {
        yield* source.rebuild({ from: next, before: Infinity });
        return;
      }
      failingSince ??= Date.now();
      if (!follow || Date.now() - failingSince >= patienceMs) throw error;
      await delay(LONGEST_WAIT_MS, undefined, { ...(signal && { signal }) }).catch(() => undefined);
    }
  }
}

async function* eventsFrom(source: EventSource, options: EventsOptions): AsyncGenerator<ExecutionEvent> {
  const { follow = false, signal } = options;
  let next = Math.max(1, options.from ?? 1);
  let wait = SHORTEST_WAIT_MS;
  let closing = false;
  const aborted = (): boolean => signal?.aborted ?? false;
  while (!aborted()) {
    const page = await source.page({ from: next, limit: PAGE });
    if (page.oldest > next && page.items.length > 0) {
      for await (const event of source.rebuild({ from: next, before: page.oldest })) {
        next = event.seq + 1;
        yield event;
      }
    }
    for (const event of page.items) {
      if (event.seq < next) continue;
      next = event.seq + 1;
      yield event;
      if (event.type === 'execution_completed') return;
    }
    if (page.next !== undefined) continue;
    if (!follow || closing) return;
    wait = page.items.length > 0 ? SHORTEST_WAIT_MS : Math.min(wait * 1.5, LONGEST_WAIT_MS);
    // Looked at rarely: only an execution that was terminated ends without an event.
    if (wait === LONGEST_WAIT_MS) closing = !(await source.isOpen());
    if (!closing) await delay(wait, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  }
}
