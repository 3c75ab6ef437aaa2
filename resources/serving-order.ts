/** Who is before whom: among those that wait, and by age. */
import type { GrantRequest } from '../model/mutex.ts';

/** Waiting this long lifts a request one priority class, again and again, so nothing is overtaken for ever. */
export const AGEING_MS = 10 * 60_000;

export const hasWaited = (request: GrantRequest, now: number): number => Math.max(0, now - request.since);

/** Below 0 when `a` has waited longer than `b`; 0 only for a request and itself. */
export const compareAge = (a: GrantRequest, b: GrantRequest): number => a.since - b.since || (a.id < b.id ? -1 : Number(a.id > b.id));

export const older = (a: GrantRequest | undefined, b: GrantRequest | undefined): GrantRequest | undefined =>
  a && b ? (compareAge(a, b) <= 0 ? a : b) : (a ?? b);

const servingClass = (request: GrantRequest, now: number): number => request.priority - Math.floor(hasWaited(request, now) / AGEING_MS);

/** By priority class, lifted by age, then by age. What was in order shortly before is put in order quickly. */
export const inServingOrder = (requests: readonly GrantRequest[], now: number): GrantRequest[] =>
  requests.toSorted((a, b) => servingClass(a, now) - servingClass(b, now) || compareAge(a, b));
