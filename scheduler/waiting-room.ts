/**
 * Where tasks wait that lack a resource, so that one that is given back finds who can have it without a look at
 * all of them.
 *
 * Those that ask for the same wait in one group, in starting order: while its first cannot be served, none of it
 * can. A group waits for one ask that its first lacks, together with the groups that lack the same: while the
 * first of these cannot be served, none of them can. So a resource that is given back costs a look at one task for
 * every way in which it is asked for.
 */
import type { LocalAsk } from '../resources/allocator.ts';
import type { Claims } from './claims.ts';
import { LazyHeap } from './lazy-heap.ts';
import type { Need } from './needs.ts';
import { isBefore } from './place.ts';
import type { Place } from './place.ts';

interface Group {
  readonly need: Need;
  readonly line: LazyHeap<Place>;
  /** Where it waits now. */
  entry?: Entry;
}

/** A group in its bucket, with its first as of when it came there. */
interface Entry {
  readonly group: Group;
  readonly bucket: Bucket;
  readonly first: Place;
}

/** The groups that wait for the same ask. */
interface Bucket {
  readonly ask: LocalAsk;
  readonly groups: LazyHeap<Entry>;
}

export class WaitingRoom {
  readonly #claims: Claims;
  readonly #isCurrent: (place: Place) => boolean;
  readonly #groups = new Map<Need, Group>();
  /** By resource, then by access and units. */
  readonly #buckets = new Map<number, Map<string, Bucket>>();
  /** Resources of which somebody who waits may get some now. */
  readonly #changed = new Set<number>();

  constructor(options: { readonly claims: Claims; readonly isCurrent: (place: Place) => boolean }) {
    this.#claims = options.claims;
    this.#isCurrent = options.isCurrent;
  }

  /** A task waits from now on, because of an ask that cannot be granted. */
  add(place: Place, need: Need, lacking: LocalAsk): void {
    let group = this.#groups.get(need);
    if (!group) this.#groups.set(need, (group = { need, line: new LazyHeap({ before: isBefore, isCurrent: this.#isCurrent }) }));
    group.line.push(place);
    // Behind another one, it waits for what that one waits for.
    if (!group.entry || group.line.first() === place) this.#settle(group, this.#bucketOf(lacking));
  }

  /** Something has been given back, or is no longer kept for anybody. */
  freed(asks: readonly LocalAsk[]): void {
    for (const { resource } of asks) this.#changed.add(resource);
  }

  /** Lets out whoever may be served now, one of each bucket; to be called again after these have been looked at. */
  letOut(): readonly Place[] {
    const out: Place[] = [];
    for (const resource of this.#changed) {
      const before = out.length;
      for (const bucket of this.#buckets.get(resource)?.values() ?? []) {
        const place = this.#letOutOf(bucket);
        if (place) out.push(place);
      }
      if (out.length === before) this.#changed.delete(resource);
    }
    return out;
  }

  #letOutOf(bucket: Bucket): Place | undefined {
    for (let entry = this.#first(bucket); entry; entry = this.#first(bucket)) {
      const { group, first } = entry;
      if (this.#claims.hindranceOf(first, bucket.ask)) return undefined;
      const other = this.#claims.hindrance(first, group.need.local);
      if (!other) return group.line.shift();
      this.#settle(group, this.#bucketOf(other.ask));
    }
    return undefined;
  }

  /** The group whose first comes first. A first that has gone has made place for a later one. */
  #first(bucket: Bucket): Entry | undefined {
    for (let entry = bucket.groups.first(); entry; entry = bucket.groups.first()) {
      const { group, first } = entry;
      if (group.line.first() === first) return entry;
      this.#settle(group, bucket);
    }
    return undefined;
  }

  /** Puts a group into a bucket, or nowhere when nobody is in it. */
  #settle(group: Group, bucket: Bucket): void {
    const first = group.line.first();
    delete group.entry;
    if (!first) return;
    group.entry = { group, bucket, first };
    bucket.groups.push(group.entry);
  }

  #bucketOf(ask: LocalAsk): Bucket {
    let buckets = this.#buckets.get(ask.resource);
    if (!buckets) this.#buckets.set(ask.resource, (buckets = new Map<string, Bucket>()));
    const kind = `${ask.access} ${ask.units}`;
    let bucket = buckets.get(kind);
    if (!bucket) {
      const groups = new LazyHeap<Entry>({ before: (a, b) => isBefore(a.first, b.first), isCurrent: (entry) => entry.group.entry === entry });
      buckets.set(kind, (bucket = { ask, groups }));
    }
    return bucket;
  }
}
