/** `-o jsonl`: the events exactly as they are, one on a line. */
import type { Output } from '../output.ts';
import type { EventView } from './event-view.ts';

export const jsonlView = (out: Output): EventView => ({ event: (event) => out.record(event) });
