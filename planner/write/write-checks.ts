/** Acceptance checks as plans write them. */
import type { AcceptanceCheck } from '../../model/check.ts';

export const writeCheck = (check: AcceptanceCheck): unknown => {
  if (check.type !== 'command') return check;
  const { timeoutMs, ...rest } = check;
  return { ...rest, ...(timeoutMs !== undefined && { timeout: `${timeoutMs}ms` }) };
};
