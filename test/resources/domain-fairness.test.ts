/** Nobody is starved: however the others keep coming, a request is served within a time that can be told beforehand. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Ask } from '../../model/graph.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import { RESERVE_AFTER_MS } from '../../model/resource.ts';
import { AGEING_MS } from '../../resources/serving-order.ts';
import { newDomain, reads, request, T0, writes } from './domain-requests.ts';

interface Stream {
  readonly asks: readonly (readonly Ask[])[];
  readonly priority: number;
  /** One comes this often, unless {@link CROWD} wait already. */
  readonly everyMs: number;
  readonly holdMs: number;
}

const CROWD = 5;

/** How long the request waits in a stream of others that was there before it, and whether the stream ever paused. */
const waitIn = (stream: Stream, late: GrantRequest, limitMs: number): number => {
  const domain = newDomain();
  const endings = new Map<string, number>();
  const warmUp = 20 * stream.everyMs;
  for (let n = 0, now = T0; now <= T0 + warmUp + limitMs; n += 1, now += stream.everyMs) {
    const follow = (grants: readonly { readonly request: GrantRequest }[]): void => {
      for (const { request } of grants) endings.set(request.id, now + stream.holdMs);
    };
    for (const [id, end] of endings) {
      if (end > now || !endings.delete(id)) continue;
      follow(domain.release(id, now).grants);
    }
    if (n === 20) follow(domain.acquire({ ...late, since: now }, now).grants);
    const asks = stream.asks[n % stream.asks.length] as readonly Ask[];
    if (domain.waiting < CROWD) follow(domain.acquire({ ...request(`s${String(n)}`, asks, { priority: stream.priority }), since: now }, now).grants);
    if (endings.has(late.id)) return now - (T0 + warmUp);
  }
  return Number.POSITIVE_INFINITY;
};

const times = fc.record({ everyMs: fc.integer({ min: 1_000, max: 20_000 }), times: fc.integer({ min: 2, max: 6 }) });

describe('in a stream of others, bounded is the wait of', () => {
  const one = [[writes('units')]];

  it('a big ask among small ones: half a minute, and as long as one of them holds', () => {
    fc.assert(
      fc.property(times, ({ everyMs, times }) => {
        const holdMs = everyMs * times;
        const bound = RESERVE_AFTER_MS + holdMs + 2 * everyMs;
        expect(waitIn({ asks: one, priority: 3, everyMs, holdMs }, request('big', [writes('units', 3)]), 10 * bound)).toBeLessThanOrEqual(bound + CROWD * holdMs);
      }),
    );
  });

  it('a writer among readers: as long as one of them reads', () => {
    fc.assert(
      fc.property(times, ({ everyMs, times }) => {
        const holdMs = everyMs * times;
        const stream = { asks: [[reads('lock')], [reads('lock'), reads('other')]], priority: 3, everyMs, holdMs };
        expect(waitIn(stream, request('writer', [writes('lock')]), 100 * holdMs)).toBeLessThanOrEqual(holdMs + everyMs);
      }),
    );
  });

  it('an ask for several things that are never free at once by themselves', () => {
    fc.assert(
      fc.property(times, ({ everyMs, times }) => {
        const holdMs = everyMs * times;
        const stream = { asks: [[writes('lock')], [writes('other')], [writes('units')]], priority: 3, everyMs, holdMs };
        const bound = RESERVE_AFTER_MS + (CROWD + 1) * holdMs + 2 * everyMs;
        expect(waitIn(stream, request('all', [writes('lock'), writes('other'), writes('units', 3)]), 10 * bound)).toBeLessThanOrEqual(bound);
      }),
    );
  });

  it('a low priority among high ones: until it is lifted, and not before', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), ({ everyMs, times }, classes) => {
        const holdMs = everyMs * times;
        const stream = { asks: [[writes('lock')]], priority: 5 - classes, everyMs, holdMs };
        const bound = classes * AGEING_MS + (CROWD + 1) * holdMs + 2 * everyMs;
        const waited = waitIn(stream, request('low', [writes('lock')], { priority: 5 }), 2 * bound);
        expect(waited).toBeLessThanOrEqual(bound);
        expect(waited, 'the stream never leaves room').toBeGreaterThanOrEqual(classes * AGEING_MS);
      }),
      { numRuns: 30 },
    );
  });

  it('a big ask of low priority among small ones of high priority', () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 4 }), ({ everyMs, times }, classes) => {
        const holdMs = everyMs * times;
        const stream = { asks: one, priority: 5 - classes, everyMs, holdMs };
        const bound = classes * AGEING_MS + (CROWD + 1) * holdMs + 2 * everyMs;
        expect(waitIn(stream, request('big', [writes('units', 3)], { priority: 5 }), 2 * bound)).toBeLessThanOrEqual(bound);
      }),
      { numRuns: 30 },
    );
  });
});
