/**
 * What an execution asks of mutexes for its tasks. A request that spans several lock domains asks one after the
 * other, in lock order, and by wait-die: an older request waits with what it has, a younger one gives it back and
 * asks again later, as old as before. The scheduler sees none of this: it is told once all is granted.
 */
import { sleep } from '@temporalio/workflow';
import type { HeldGrant } from '../../model/attempt.ts';
import type { Ask } from '../../model/graph.ts';
import { attemptWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { MAX_ASKS } from '../../model/mutex.ts';
import type { Granted, GrantRequest, ModifyResourceRequest, Refused } from '../../model/mutex.ts';
import { DEFAULT_DOMAIN } from '../../model/resource.ts';
import type { Fences, Resource } from '../../model/resource.ts';
import type { Decision } from '../../scheduler/protocol.ts';
import { askMutex } from '../grants/send.ts';

/** First wait after a `die`; it doubles with each, and half of it is random, so that two do not meet again. */
const DIE_MS = 200;
const DIE_MAX_MS = 10_000;

/** One lock domain's share of what a task asks. */
interface Share {
  readonly domain: string;
  readonly asks: readonly Ask[];
  readonly resources: readonly Resource[];
}

/** As the scheduler decided it. */
export type Asking = Omit<Extract<Decision, { readonly type: 'request' }>, 'type'>;

/** Plain data. */
interface Pending extends Asking {
  /** Times it was told to die. */
  deaths: number;
  readonly held: HeldGrant[];
}

/** Granted, and not yet handed to the workflow of an attempt. */
interface Got {
  readonly round: number;
  readonly held: readonly HeldGrant[];
}

interface Release {
  readonly domain: string;
  readonly id: string;
}

/** A capacity that a hot update states. */
interface Change {
  readonly domain: string;
  readonly message: ModifyResourceRequest;
}

/** What the next run must know. */
export interface CarriedGrants {
  readonly pending: readonly Pending[];
  /** By task index. */
  readonly granted: readonly (readonly [number, Got])[];
  /** Given back, and not known to have arrived. */
  readonly releases: readonly Release[];
  /** Told, and not known to have arrived. */
  readonly changes?: readonly Change[];
}

export interface GrantListener {
  granted(index: number, round: number, fences: Fences): void;
  refused(index: number, round: number, message: string): void;
}

export class Grants {
  readonly #execution: ExecutionId;
  readonly #graceMs: number;
  #resources: ReadonlyMap<string, Resource>;
  readonly #listener: GrantListener;
  readonly #pending = new Map<number, Pending>();
  readonly #granted = new Map<number, Got>();
  readonly #releases = new Set<Release>();
  readonly #changes = new Set<Change>();

  constructor(options: { readonly execution: ExecutionId; readonly graceMs: number; readonly resources: readonly Resource[]; readonly listener: GrantListener }) {
    this.#execution = options.execution;
    this.#graceMs = options.graceMs;
    this.#resources = new Map(options.resources.map((resource) => [resource.name, resource]));
    this.#listener = options.listener;
  }

  /** Takes over what the run before had asked: it asks again, which is no harm. */
  adopt({ pending, granted, releases, changes = [] }: CarriedGrants): void {
    for (const change of changes) void this.#tell(change);
    for (const { domain, id } of releases) void this.#release(domain, id);
    for (const [index, got] of granted) this.#granted.set(index, got);
    for (const carried of pending) {
      const asking = { ...carried, held: [...carried.held] };
      this.#pending.set(asking.index, asking);
      void this.#ask(asking);
    }
  }

  request(asking: Asking): void {
    const pending: Pending = { ...asking, deaths: 0, held: [] };
    const large = this.#shares(pending).find(({ asks }) => asks.length > MAX_ASKS);
    if (large) return this.#listener.refused(asking.index, asking.round, `it asks for ${large.asks.length} resources of the lock domain ${large.domain} at once; at most ${MAX_ASKS} may be`);
    this.#pending.set(asking.index, pending);
    void this.#ask(pending);
  }

  /** Takes a request back, or a grant that no attempt was started with. */
  withdraw(index: number, round: number): void {
    const pending = this.#pending.get(index);
    if (pending?.round === round) {
      this.#pending.delete(index);
      this.giveBack(pending.held);
      const share = this.#shares(pending)[pending.held.length];
      if (share) void this.#release(share.domain, this.#id(pending));
    }
    if (this.#granted.get(index)?.round === round) this.giveBack(this.take(index));
  }

  /** What was granted for the attempt that is started now: its workflow has it from here on. */
  take(index: number): readonly HeldGrant[] {
    const held = this.#granted.get(index)?.held ?? [];
    this.#granted.delete(index);
    return held;
  }

  /** Gives back what was granted for an attempt that is not started after all. */
  discard(index: number): void {
    this.giveBack(this.take(index));
  }

  granted({ id, fences }: Granted): void {
    const pending = this.#byId(id);
    const share = pending && this.#shares(pending)[pending.held.length];
    if (!share) return;
    const announcement = { ...this.#message(pending, share), fences, grantedAt: Date.now() };
    pending.held.push({ domain: share.domain, announcement });
    if (pending.held.length < this.#shares(pending).length) return void this.#ask(pending);
    this.#pending.delete(pending.index);
    this.#granted.set(pending.index, { round: pending.round, held: pending.held });
    const all = Object.assign({}, ...pending.held.map((held) => held.announcement.fences)) as Fences;
    this.#listener.granted(pending.index, pending.round, all);
  }

  refused({ id, why, message }: Refused): void {
    const pending = this.#byId(id);
    if (!pending) return;
    this.giveBack(pending.held.splice(0));
    if (why !== 'never') return void this.#askLater(pending);
    this.#pending.delete(pending.index);
    this.#listener.refused(pending.index, pending.round, message);
  }

  /** Undefined when there is nothing that the next run must know. */
  list(): CarriedGrants | undefined {
    if (this.#pending.size + this.#granted.size + this.#releases.size + this.#changes.size === 0) return undefined;
    return { pending: [...this.#pending.values()], granted: [...this.#granted], releases: [...this.#releases], changes: [...this.#changes] };
  }

  /** A hot update has changed what the execution takes its resources to be. */
  change({ resources, told, by, reason }: Extract<Decision, { readonly type: 'resources' }>): void {
    this.#resources = new Map(resources.map((resource) => [resource.name, resource]));
    for (const { domain, resource, capacity } of told) {
      void this.#tell({ domain, message: { resource, capacity, by: by ?? `execution ${this.#execution}`, ...(reason !== undefined && { reason }) } });
    }
  }

  async #tell(change: Change): Promise<void> {
    this.#changes.add(change);
    await askMutex(change.domain, 'modify', change.message);
    this.#changes.delete(change);
  }

  async #ask(pending: Pending): Promise<void> {
    const share = this.#shares(pending)[pending.held.length];
    if (share) await askMutex(share.domain, 'acquire', this.#message(pending, share));
  }

  async #askLater(pending: Pending): Promise<void> {
    const wait = Math.min(DIE_MS * 2 ** pending.deaths, DIE_MAX_MS);
    pending.deaths += 1;
    await sleep(Math.round(wait * (0.5 + Math.random() / 2)), { summary: 'gave way to an older request' });
    if (this.#pending.get(pending.index) === pending) await this.#ask(pending);
  }

  giveBack(held: readonly HeldGrant[]): void {
    for (const { domain, announcement } of held) void this.#release(domain, announcement.id);
  }

  async #release(domain: string, id: string): Promise<void> {
    const release = { domain, id };
    this.#releases.add(release);
    await askMutex(domain, 'release', { id });
    this.#releases.delete(release);
  }

  /**
   * Mutexes hear a request's id again only if they may answer it again. Each domain's is another: an answer that
   * comes twice must not be taken for the next domain's.
   */
  #id({ task, attempt, round, deaths, held }: Pending): string {
    const share = held.length > 0 ? `.${held.length}` : '';
    return `${attemptWorkflowId(this.#execution, task, attempt)}#${round}.${deaths}${share}`;
  }

  #byId(id: string): Pending | undefined {
    for (const pending of this.#pending.values()) if (this.#id(pending) === id) return pending;
    return undefined;
  }

  #message(pending: Pending, share: Share): GrantRequest {
    const { task, attempt, since, priority } = pending;
    return {
      id: this.#id(pending),
      holder: attemptWorkflowId(this.#execution, task, attempt),
      execution: this.#execution,
      task,
      attempt,
      asks: share.asks,
      since,
      priority,
      resources: share.resources,
      graceMs: this.#graceMs,
      ...(pending.held.length > 0 && { holdsMore: true }),
    };
  }

  /** By lock order, then by name: the same for every execution, as far as their catalogues agree. */
  #shares({ asks }: Asking): readonly Share[] {
    const domains = new Map<string, { readonly asks: Ask[]; readonly resources: Resource[] }>();
    for (const ask of asks) {
      const resource = this.#resources.get(ask.resource);
      if (!resource) continue;
      const domain = resource.domain ?? DEFAULT_DOMAIN;
      const share = domains.get(domain) ?? { asks: [], resources: [] };
      share.asks.push(ask);
      share.resources.push(resource);
      domains.set(domain, share);
    }
    const order = ({ resources }: Pick<Share, 'resources'>): number => Math.min(...resources.map((resource) => resource.order ?? 0));
    return [...domains]
      .map(([domain, share]) => ({ domain, ...share }))
      .sort((a, b) => order(a) - order(b) || (a.domain < b.domain ? -1 : 1));
  }
}
