/**
 * The mutexes of a simulated execution: the same lock domains that the `mutex` workflow drives, by a virtual clock, with
 * one execution as their only user. Asks that span domains are taken one domain after the other, by wait-die (DESIGN, 5).
 */
import type { Ask } from '../../model/graph.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import type { Fences, Resource } from '../../model/resource.ts';
import { DEFAULT_DOMAIN } from '../../model/resource.ts';
import { createDomainState, LockDomain } from '../../resources/domain.ts';
import type { DomainStep } from '../../resources/domain.ts';
import { emptyOccupancy, fits, take } from '../../resources/occupancy.ts';
import type { Occupancy } from '../../resources/occupancy.ts';
import type { Decision, SchedulerEvent } from '../../scheduler/protocol.ts';

type Request = Decision & { readonly type: 'request' };

const EXECUTION = 'simulated' as ExecutionId;
/** Until a request that died asks again. */
const AGAIN_MS = 1_000;

/** What a task has asked for, holds in part, or holds whole. */
interface Claim {
  readonly request: Request;
  /** One for each domain, in the order in which they are asked. */
  readonly parts: readonly { readonly domain: string; readonly asks: readonly Ask[] }[];
  /** Parts that are granted. */
  got: number;
  tries: number;
  fences: Fences;
  retryAt?: number;
}

export class VirtualMutexes {
  readonly #resources: ReadonlyMap<string, Resource>;
  readonly #domains = new Map<string, LockDomain>();
  /** By task. */
  readonly #claims = new Map<number, Claim>();
  readonly #byId = new Map<string, Claim>();
  readonly #epoch: number;
  #answers: SchedulerEvent[] = [];

  constructor(resources: readonly Resource[], epoch: number) {
    this.#resources = new Map(resources.filter(({ scope }) => scope === 'global').map((resource) => [resource.name, resource]));
    this.#epoch = epoch;
  }

  /** When one that died asks again. */
  get dueAt(): number | undefined {
    let due: number | undefined;
    for (const { retryAt } of this.#claims.values()) if (retryAt !== undefined && (due === undefined || retryAt < due)) due = retryAt;
    return due;
  }

  /** What there is to tell the scheduler, once. */
  takeAnswers(): readonly SchedulerEvent[] {
    const answers = this.#answers;
    this.#answers = [];
    return answers;
  }

  request(request: Request, now: number): void {
    const claim: Claim = { request, parts: this.#partsOf(request.asks), got: 0, tries: 0, fences: {} };
    this.#claims.set(request.index, claim);
    this.#askNext(claim, now);
  }

  /** What was asked for in that round is not wanted any more. */
  withdraw(index: number, round: number, now: number): void {
    const claim = this.#claims.get(index);
    if (claim?.request.round === round) this.#drop(claim, now);
  }

  /** An attempt has ended: what it held is free. */
  ended(index: number, now: number): void {
    const claim = this.#claims.get(index);
    if (claim) this.#drop(claim, now);
  }

  advance(now: number): void {
    for (const claim of this.#claims.values()) {
      if (claim.retryAt === undefined || claim.retryAt > now) continue;
      delete claim.retryAt;
      this.#askNext(claim, now);
    }
  }

  /** Of what a task has asked for and not been granted, what it lacks; all of it, where others are before it. */
  lacking(index: number): readonly string[] {
    const claim = this.#claims.get(index);
    if (!claim || claim.got === claim.parts.length) return [];
    const asks = claim.parts.slice(claim.got).flatMap((part) => part.asks);
    const lacking = asks.filter((ask) => !fits(this.#occupancy(ask.resource), ask));
    return (lacking.length > 0 ? lacking : asks).map(({ resource }) => resource);
  }

  #occupancy(name: string): Occupancy {
    const resource = this.#resources.get(name);
    const occupancy = emptyOccupancy(resource ?? { mode: 'exclusive', capacity: 1 });
    for (const { request } of this.#domainOf(resource?.domain ?? DEFAULT_DOMAIN).holders()) for (const ask of request.asks) if (ask.resource === name) take(occupancy, ask);
    return occupancy;
  }

  #partsOf(asks: readonly Ask[]): Claim['parts'] {
    const byDomain = new Map<string, Ask[]>();
    for (const ask of asks) {
      const domain = this.#resources.get(ask.resource)?.domain ?? DEFAULT_DOMAIN;
      byDomain.set(domain, [...(byDomain.get(domain) ?? []), ask]);
    }
    const order = (part: { readonly asks: readonly Ask[] }): number => Math.min(...part.asks.map(({ resource }) => this.#resources.get(resource)?.order ?? 0));
    return [...byDomain].map(([domain, part]) => ({ domain, asks: part })).sort((a, b) => order(a) - order(b) || (a.domain < b.domain ? -1 : 1));
  }

  #askNext(claim: Claim, now: number): void {
    const { request, parts, got } = claim;
    const part = parts[got];
    if (!part) {
      this.#answers.push({ type: 'granted', index: request.index, round: request.round, fences: claim.fences });
      return;
    }
    const id = idOf(claim, got);
    this.#byId.set(id, claim);
    const resources = part.asks.flatMap(({ resource }) => this.#resources.get(resource) ?? []);
    const { task, attempt, since, priority } = request;
    const asked: GrantRequest = { id, holder: id, execution: EXECUTION, task, attempt, asks: part.asks, since, priority, resources, graceMs: 0, ...(got > 0 && { holdsMore: true }) };
    this.#hear(this.#domainOf(part.domain).acquire(asked, now), now);
  }

  #hear({ grants, refused }: DomainStep, now: number): void {
    for (const { request, fences } of grants) {
      const claim = this.#byId.get(request.id);
      if (!claim || request.id !== idOf(claim, claim.got)) continue;
      claim.got += 1;
      claim.fences = { ...claim.fences, ...fences };
      this.#askNext(claim, now);
    }
    for (const { request, refusal } of refused) {
      const claim = this.#byId.get(request.id);
      if (!claim) continue;
      if (refusal.why === 'die') {
        this.#giveBack(claim, now);
        claim.retryAt = now + AGAIN_MS;
      } else {
        this.#answers.push({ type: 'refused', index: claim.request.index, round: claim.request.round, message: refusal.message });
        this.#drop(claim, now);
      }
    }
  }

  #drop(claim: Claim, now: number): void {
    this.#claims.delete(claim.request.index);
    this.#giveBack(claim, now);
  }

  /** What is granted, and what is asked for. */
  #giveBack(claim: Claim, now: number): void {
    const last = Math.min(claim.got, claim.parts.length - 1);
    const ids = claim.parts.slice(0, last + 1).map(({ domain }, at) => ({ domain, id: idOf(claim, at) }));
    claim.got = 0;
    claim.tries += 1;
    claim.fences = {};
    for (const { id } of ids) this.#byId.delete(id);
    for (const { domain, id } of ids) this.#hear(this.#domainOf(domain).release(id, now), now);
  }

  #domainOf(name: string): LockDomain {
    let domain = this.#domains.get(name);
    if (!domain) this.#domains.set(name, (domain = new LockDomain(createDomainState({ epoch: this.#epoch }))));
    return domain;
  }
}

const idOf = ({ request: { index, round }, tries }: Claim, part: number): string => `${index}#${round}.${tries}.${part}`;
