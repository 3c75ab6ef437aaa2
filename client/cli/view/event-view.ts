/** A logger of an execution's events; every view is one. Views see each event after {@link RunBoard} has. */
import type { ExecutionEvent } from '../../../model/event.ts';
import type { RunBoard } from './run-board.ts';

export interface EventView {
  event(event: ExecutionEvent, board: RunBoard): void;
  /** Time has passed; called about once a second while a run is followed on a terminal. */
  tick?(board: RunBoard): void;
  /** Nothing more comes. */
  close?(): void;
}
