/** Who waits for whom in a lock domain. For people and for the detector of deadlocks: the granting needs none of it. */
import type { Ask } from '../model/graph.ts';
import type { GrantRequest } from '../model/mutex.ts';
import type { Inventory } from './inventory.ts';
import { Line } from './line.ts';
import type { Standing } from './line.ts';
import { excludes, isShared } from './occupancy.ts';

interface Claim {
  readonly request: GrantRequest;
  readonly ask: Ask;
  /** It cannot have this resource now. */
  readonly isBlocked: boolean;
}

/** Who asks for a resource, by its name. */
class Claims {
  readonly #by = new Map<string, Claim[]>();

  add(request: GrantRequest, blocked: readonly Ask[]): void {
    for (const ask of request.asks) {
      const claim = { request, ask, isBlocked: blocked.includes(ask) };
      const claims = this.#by.get(ask.resource);
      if (claims) claims.push(claim);
      else this.#by.set(ask.resource, [claim]);
    }
  }

  of(resource: string): readonly Claim[] {
    return this.#by.get(resource) ?? [];
  }
}

interface Situation {
  readonly inventory: Inventory;
  readonly holders: readonly GrantRequest[];
  /** In serving order. */
  readonly waiters: readonly GrantRequest[];
  readonly now: number;
}

/** One that waits, seen while the line is walked: those ahead of it are the ones that were met before. */
export class Wait {
  readonly request: GrantRequest;
  readonly standing: Standing;
  readonly #inventory: Inventory;
  readonly #held: Claims;
  readonly #ahead: Claims;

  constructor(options: { readonly request: GrantRequest; readonly standing: Standing; readonly inventory: Inventory; readonly held: Claims; readonly ahead: Claims }) {
    this.request = options.request;
    this.standing = options.standing;
    this.#inventory = options.inventory;
    this.#held = options.held;
    this.#ahead = options.ahead;
  }

  /** Holders of what the ask lacks. */
  holdersAgainst(ask: Ask): readonly GrantRequest[] {
    return this.#excluding(ask, this.#held.of(ask.resource));
  }

  /** Those before it in line who want what the ask lacks. */
  aheadOf(ask: Ask): readonly GrantRequest[] {
    return this.#excluding(ask, this.#ahead.of(ask.resource));
  }

  /** Whom it waits for, those left out whom the nearest before it waits for as well: else 1,000 in line are 500,000 pairs. */
  nearest(): readonly GrantRequest[] {
    const { standing } = this;
    return standing.kind === 'blocked' ? [...new Set(standing.asks.flatMap((ask) => this.#nearestFor(ask)))] : [];
  }

  #nearestFor(ask: Ask): readonly GrantRequest[] {
    const { mode } = this.#inventory.occupancy(ask.resource);
    const ahead = this.#ahead.of(ask.resource);
    const isBehindAll = (claim: Claim): boolean => claim.isBlocked && !isShared({ mode }, claim.ask);
    const from = ahead.findLastIndex(isBehindAll);
    const near = this.#excluding(ask, ahead.slice(Math.max(0, from)));
    return from === -1 ? [...this.holdersAgainst(ask), ...near] : near;
  }

  #excluding(ask: Ask, claims: readonly Claim[]): readonly GrantRequest[] {
    const { mode } = this.#inventory.occupancy(ask.resource);
    return claims.filter((claim) => excludes(mode, ask, claim.ask)).map(({ request }) => request);
  }
}

/** Walks the line without granting anything. */
export function* walkWaits({ inventory, holders, waiters, now }: Situation): Generator<Wait> {
  const line = new Line({ inventory, holders, now });
  const held = new Claims();
  const ahead = new Claims();
  for (const holder of holders) held.add(holder, []);
  for (const request of waiters) {
    const standing = line.look(request);
    yield new Wait({ request, standing, inventory, held, ahead });
    line.stay(request, standing);
    if (standing.kind !== 'impossible') ahead.add(request, standing.kind === 'blocked' ? standing.asks : []);
  }
}

export interface WaitEdges {
  readonly waiter: GrantRequest;
  readonly awaited: readonly GrantRequest[];
}

/** The wait-for graph: everybody who is blocked, and who must give back or be served before; see {@link Wait.nearest}. */
export const waitEdges = (situation: Situation): WaitEdges[] => {
  const edges: WaitEdges[] = [];
  for (const wait of walkWaits(situation)) {
    const awaited = wait.nearest();
    if (awaited.length > 0) edges.push({ waiter: wait.request, awaited });
  }
  return edges;
};
