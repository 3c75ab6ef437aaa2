/**
 * A drafter behind an HTTP interface. What all of them share is here: time, retries, how their refusals are told, and that the
 * key is in none of it. What they speak is a {@link Provider}.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import type { DraftRequest } from '../../planner/drafters/draft-request.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';
import { postJson } from './http-post.ts';
import type { PostFailure, PostReply } from './http-post.ts';
import { drafterProblem, shownText } from './problem.ts';

export interface Provider {
  readonly name: string;
  readonly variant: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** Of `headers`: what nobody may see. */
  readonly secrets: readonly string[];
  /** Environment variable of its key, for hints. */
  readonly keyName: string;
  /** Bodies of the same request, the strictest first: the next is sent when one is refused as malformed. */
  readonly bodies: (request: DraftRequest) => readonly object[];
  /** The answer in a reply, or what is wrong with it. */
  readonly read: (reply: unknown) => Result<unknown, string>;
}

export interface HttpDrafterOptions {
  /** Of one draft, retries included. */
  readonly timeoutMs: number;
  /** Before the first retry; four times as long before each further one. */
  readonly backoffMs?: number;
}

const TRIES = 3;
const MAX_REPLY_BYTES = 8 * 1024 * 1024;
const PASSING_STATUS = new Set([408, 409, 425, 429, 500, 502, 503, 504, 529]);
const MALFORMED_STATUS = new Set([400, 404, 415, 422, 501]);

export const httpDrafter = (provider: Provider, { timeoutMs, backoffMs = 1_000 }: HttpDrafterOptions): Drafter => ({
  name: provider.name,
  variant: provider.variant,
  draft: async (request, { signal }) => {
    signal.throwIfAborted();
    const deadline = performance.now() + timeoutMs;
    const ending = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const answered = await new Call({ provider, ending, deadline, backoffMs }).answer(provider.bodies(request));
    signal.throwIfAborted();
    if (!answered.ok && ending.aborted) return fail([drafterProblem(provider.name, `did not answer within ${timeoutMs / 1_000} s`, 'Give it more time with --drafter-timeout.')]);
    return answered;
  },
});

interface CallOptions {
  readonly provider: Provider;
  readonly ending: AbortSignal;
  readonly deadline: number;
  readonly backoffMs: number;
}

class Call {
  readonly #options: CallOptions;

  constructor(options: CallOptions) {
    this.#options = options;
  }

  async answer(bodies: readonly object[]): Promise<Result<unknown>> {
    const { provider } = this.#options;
    let refused: Problem | undefined;
    for (const body of bodies) {
      const reply = await this.#reply(JSON.stringify(body));
      if (!reply.ok) return fail([reply.error]);
      const { status, text } = reply.value;
      if (status >= 200 && status < 300) {
        const answer = readJson(withoutSecrets(text, provider.secrets));
        const read = answer.ok ? provider.read(answer.value) : answer;
        return read.ok ? ok(read.value) : fail([drafterProblem(provider.name, `answered, but ${shownText(read.error, provider.secrets)}`)]);
      }
      refused = this.#refusal(reply.value);
      if (!MALFORMED_STATUS.has(status)) break;
    }
    return fail([refused ?? drafterProblem(provider.name, 'was asked nothing')]);
  }

  /** Again, after what passes; the last failure when it does not. */
  async #reply(body: string): Promise<Result<PostReply, Problem>> {
    const { provider, ending, deadline, backoffMs } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const reply = await postJson({ url: provider.url, headers: provider.headers, body, maxBytes: MAX_REPLY_BYTES, signal: ending });
      const isPassing = reply.ok ? PASSING_STATUS.has(reply.value.status) : reply.error.isPassing;
      if (!isPassing && reply.ok) return reply;
      const failed = reply.ok ? this.#refusal(reply.value) : this.#broken(reply.error);
      if (!isPassing || tries === TRIES) return fail(failed);
      const wait = waitOf(reply.ok ? reply.value.retryAfter : undefined, backoffMs * 4 ** (tries - 1));
      if (performance.now() + wait >= deadline) return fail({ ...failed, message: `${failed.message}; it wants to be asked again in ${Math.ceil(wait / 1_000)} s, for which there is no time` });
      await delay(wait, undefined, { signal: ending }).catch(() => undefined);
      if (ending.aborted) return fail(failed);
    }
  }

  #broken({ message }: PostFailure): Problem {
    const { provider } = this.#options;
    return drafterProblem(provider.name, `did not answer: ${message} at ${provider.url.origin}`, 'Look whether that address is right (--drafter-url) and can be reached.');
  }

  #refusal({ status, text }: PostReply): Problem {
    const { provider } = this.#options;
    // Providers repeat parts of a key that they refuse.
    if (status === 401 || status === 403) return drafterProblem(provider.name, `refuses the key (HTTP ${status})`, `Set ${provider.keyName} to a key that is valid for ${provider.url.origin}.`);
    if (status >= 300 && status < 400) return drafterProblem(provider.name, `leads elsewhere (HTTP ${status}), and is not followed`, 'Name the address itself with --drafter-url.');
    const said = saidBy(text);
    return drafterProblem(provider.name, `refuses (HTTP ${status})${said === '' ? '' : `: ${shownText(said, provider.secrets)}`}`);
  }
}

const readJson = (text: string): Result<unknown, string> => {
  try {
    return ok(JSON.parse(text) as unknown);
  } catch {
    return fail('what it answered is no JSON');
  }
};

/** A server that repeats the key must not get it into a plan or a cache. */
const withoutSecrets = (text: string, secrets: readonly string[]): string => secrets.reduce((left, secret) => left.replaceAll(secret, '[REDACTED]'), text);

/** `{"error": {"message": …}}`, as most say it. */
const saidBy = (text: string): string => {
  const parsed = readJson(text);
  const error: unknown = parsed.ok && typeof parsed.value === 'object' && parsed.value !== null && 'error' in parsed.value ? parsed.value.error : undefined;
  if (typeof error === 'string') return error;
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string' ? error.message : '';
};

/** `Retry-After` in seconds or as a date (RFC 9110, 10.2.3); else what is usual. Milliseconds. */
export const waitOf = (retryAfter: string | undefined, usual: number, now = Date.now()): number => {
  if (retryAfter === undefined) return usual;
  if (/^\d{1,9}(?:\.\d{1,3})?$/.test(retryAfter.trim())) return Number(retryAfter) * 1_000;
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? usual : Math.max(0, at - now);
};
