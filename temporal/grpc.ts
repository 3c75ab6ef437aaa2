/** Server answers told apart by their gRPC status. */
import { isGrpcServiceError } from '@temporalio/client';

const NOT_FOUND = 5;

/** No such workflow, run or namespace; also of a run that is past its retention. */
export const isNotFound = (error: unknown): boolean => isGrpcServiceError(error) && (error.code as number) === NOT_FOUND;
