/** Which tasks are parked, and which have been revived: the last word on each, by the time at which it was said. */
import type { TaskId } from '../../model/ids.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { MAX_QUARANTINED, MAX_REVIVED, planKey } from '../../model/quarantine.ts';
import type { QuarantineEntry, QuarantineNews, QuarantinePage, ReviveRequest } from '../../model/quarantine.ts';

/** Plain data, carried over continue-as-new. */
export interface RegisterState {
  readonly entries: readonly QuarantineEntry[];
  /** Who was revived longest ago is first. */
  readonly revived: readonly Revived[];
}

interface Revived {
  readonly plan: string;
  readonly task: TaskId;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** No id of a task holds a slash. */
const keyOf = ({ plan, task }: { readonly plan: string; readonly task: string }): string => `${task}/${plan}`;

const inOrder = (a: QuarantineEntry, b: QuarantineEntry): number => {
  if (a.plan !== b.plan) return a.plan < b.plan ? -1 : 1;
  return a.task < b.task ? -1 : 1;
};

export class QuarantineRegister {
  readonly #entries: Map<string, QuarantineEntry>;
  readonly #revived: Map<string, Revived>;

  constructor({ entries, revived }: RegisterState = { entries: [], revived: [] }) {
    this.#entries = new Map(entries.map((entry) => [keyOf(entry), entry]));
    this.#revived = new Map(revived.map((one) => [keyOf(one), one]));
  }

  get state(): RegisterState {
    return { entries: [...this.#entries.values()], revived: [...this.#revived.values()] };
  }

  /** What was said before the last word on the task, or is that word once more, changes nothing. */
  tell(news: QuarantineNews): void {
    const key = keyOf(news);
    const known = this.#entries.get(key);
    if (news.type === 'revived') {
      if (!known || known.since <= news.at) this.#revive({ plan: news.plan, task: news.task, at: news.at });
      return;
    }
    const { type: _type, ...entry } = news;
    const revivedAt = this.#revived.get(key)?.at ?? -1;
    if (entry.since <= Math.max(known?.since ?? -1, revivedAt)) return;
    if (!known && this.#entries.size >= MAX_QUARANTINED) return;
    this.#entries.set(key, entry);
    this.#revived.delete(key);
  }

  /** A person lets a task run again; answers what it was parked for. */
  revive({ plan: name, task }: ReviveRequest, now: number): Result<QuarantineEntry> {
    const plan = planKey(name);
    const entry = this.#entries.get(keyOf({ plan, task }));
    if (!entry) {
      const message = `no task ${JSON.stringify(task)} of the plan ${JSON.stringify(plan)} is quarantined`;
      return fail([{ code: 'TASKS3014', message, hint: '`tasks quarantine list` shows those that are, with the names of their plans.' }]);
    }
    this.#revive({ plan, task: entry.task, at: Math.max(now, entry.since) });
    return ok(entry);
  }

  page({ plan, from, limit }: { readonly plan?: string; readonly from: number; readonly limit: number }): QuarantinePage {
    const key = plan === undefined ? undefined : planKey(plan);
    const wanted = [...this.#entries.values()].filter((entry) => key === undefined || entry.plan === key).sort(inOrder);
    const end = from + limit;
    return { items: wanted.slice(from, end), ...(end < wanted.length && { next: end }), full: this.#entries.size >= MAX_QUARANTINED };
  }

  #revive(revived: Revived): void {
    const key = keyOf(revived);
    const at = Math.max(revived.at, this.#revived.get(key)?.at ?? -1);
    this.#entries.delete(key);
    this.#revived.delete(key);
    this.#revived.set(key, { ...revived, at });
    for (const oldest of this.#revived.keys()) {
      if (this.#revived.size <= MAX_REVIVED) return;
      this.#revived.delete(oldest);
    }
  }
}
