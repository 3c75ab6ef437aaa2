/** Server answers told apart by their gRPC status. */
import { isGrpcServiceError } from '@temporalio/client';

const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
/** Nobody polls the queue, or the workflow cannot be asked in the state it is in. */
export const FAILED_PRECONDITION = 9;
export const UNAVAILABLE = 14;

/** No such workflow, run or namespace; also of a run that is past its retention. */
export const isNotFound = (error: unknown): boolean => isGrpcServiceError(error) && (error.code as number) === NOT_FOUND;

/**
 * A call's time is up. Client and server both watch it, and the one that sees it first says so: the server by
 * resetting the stream, which the client reports as cancelled. Nothing here cancels a call in any other way.
 */
export const isLate = (code: number | undefined): boolean => code === DEADLINE_EXCEEDED || code === CANCELLED;
