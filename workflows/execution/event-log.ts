/** The execution's events: numbered without gaps, the newest kept at hand, every one handed to the sink. */
import { proxySinks } from '@temporalio/workflow';
import type { Sinks } from '@temporalio/workflow';
import { EVENT_WINDOW } from '../../model/event.ts';
import type { EventBody, EventNews, ExecutionEvent } from '../../model/event.ts';
import type { Carried } from './carry.ts';

/** Called for every event, also while a history is replayed: that is how old events are rebuilt. */
export interface EventSinks extends Sinks {
  tasksEvents: { event(event: ExecutionEvent, news?: EventNews): void };
}

const { tasksEvents } = proxySinks<EventSinks>();

export class EventLog {
  readonly #carried: Carried;

  constructor(carried: Carried) {
    this.#carried = carried;
  }

  get last(): number {
    return this.#carried.lastEvent;
  }

  get oldest(): number {
    return this.#carried.events[0]?.seq ?? this.last + 1;
  }

  append(body: EventBody, at: number, news?: EventNews): void {
    const { events } = this.#carried;
    this.#carried.lastEvent += 1;
    const event: ExecutionEvent = { ...body, seq: this.#carried.lastEvent, at };
    events.push(event);
    // Trimmed in blocks: a shift for every event would cost the window each time.
    if (events.length >= 2 * EVENT_WINDOW) events.splice(0, events.length - EVENT_WINDOW);
    tasksEvents.event(event, ...(news ? [news] : []));
  }

  page(from: number, limit: number): readonly ExecutionEvent[] {
    const { events } = this.#carried;
    const start = Math.max(0, from - this.oldest);
    return events.slice(start, start + limit);
  }
}
