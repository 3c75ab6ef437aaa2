/**
 * One JSON request over HTTP. Node's own client and not `fetch`, which gives up after 300 s without headers and cannot be told
 * otherwise: a model that answers all at once may take longer. Nothing is followed elsewhere, as the request carries a key.
 */
import { request as plain } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as secure } from 'node:https';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { size } from '../../model/size-text.ts';

export interface PostRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly maxBytes: number;
  /** Ends the request; the answer is then a failure. */
  readonly signal: AbortSignal;
}

export interface PostReply {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

export interface PostFailure {
  readonly message: string;
  /** Trying again may help. */
  readonly isPassing: boolean;
}

const PASSING = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH', 'ECONNABORTED']);

/** Never rejects. */
export const postJson = ({ url, headers, body, maxBytes, signal }: PostRequest): Promise<Result<PostReply, PostFailure>> =>
  new Promise((settle) => {
    const send = url.protocol === 'https:' ? secure : plain;
    const fails = (error: unknown): void => {
      const code = error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.name : 'unknown';
      settle(fail({ message: `the connection failed (${code})`, isPassing: PASSING.has(code) }));
    };
    const data = Buffer.from(body, 'utf8');
    // Without an agent the connection ends with the reply, and keeps nobody waiting.
    const sent = send(url, { method: 'POST', agent: false, signal, headers: { ...headers, 'content-type': 'application/json', accept: 'application/json', 'content-length': String(data.length) } });
    sent.on('error', fails);
    sent.on('response', (reply) => {
      readReply(reply, maxBytes).then(settle, fails).finally(() => sent.destroy());
    });
    sent.end(data);
  });

const readReply = async (reply: IncomingMessage, maxBytes: number): Promise<Result<PostReply, PostFailure>> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of reply as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) return fail({ message: `the answer is larger than ${size(maxBytes)}`, isPassing: false });
    chunks.push(chunk);
  }
  return ok({ status: reply.statusCode ?? 0, retryAfter: reply.headers['retry-after'], text: Buffer.concat(chunks).toString('utf8') });
};
