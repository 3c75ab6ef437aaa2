/** Events of what was found at once: the first ones one by one, the rest as numbers. */
import type { EventBody } from '../../model/event.ts';
import type { LateEdge } from '../../model/late-edge.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { Candidate } from './relations.ts';

const MAX_TOLD = 100;

/** Why there is no edge; `late` when its target had begun. */
export interface Refusal {
  readonly late?: true;
  readonly reason: string;
}

export class Telling {
  readonly seen: LateEdge['seen'];
  readonly kind: 'soft' | 'hard';
  readonly #index: GraphIndex;
  readonly #told: EventBody[] = [];
  #applied = 0;
  #refused = 0;

  constructor({ seen, kind, index }: { readonly seen: LateEdge['seen']; readonly kind: 'soft' | 'hard'; readonly index: GraphIndex }) {
    this.seen = seen;
    this.kind = kind;
    this.#index = index;
  }

  applied(link: Candidate): void {
    if (!this.#tell(link, { applied: true })) this.#applied += 1;
  }

  refused(link: Candidate, why: Refusal): void {
    if (!this.#tell(link, { applied: false, ...why })) this.#refused += 1;
  }

  events(limited: boolean): readonly EventBody[] {
    const more = this.#applied + this.#refused > 0 || limited;
    return [...this.#told, ...(more ? [{ type: 'late_edges', applied: this.#applied, refused: this.#refused, limited } as const] : [])];
  }

  #tell({ from, to, because }: Candidate, end: { readonly applied: boolean } & Partial<Refusal>): boolean {
    if (this.#told.length >= MAX_TOLD) return false;
    this.#told.push({ type: 'late_edge', from: this.#index.id(from), to: this.#index.id(to), kind: this.kind, because, seen: this.seen, ...end });
    return true;
  }
}
