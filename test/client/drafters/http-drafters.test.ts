import { afterEach, describe, expect, it } from 'vitest';
import { anthropicDrafter } from '../../../client/drafters/anthropic.ts';
import { waitOf } from '../../../client/drafters/http-drafter.ts';
import { openAiCompatibleDrafter } from '../../../client/drafters/openai-compatible.ts';
import type { Drafter } from '../../../planner/drafters/drafter.ts';
import { conformance, request, SECRET } from '../../planner/drafters/conformance.ts';
import { fakeProvider, json, never, text } from './provider.ts';
import type { FakeProvider, Reply } from './provider.ts';

interface Kind {
  readonly name: string;
  readonly make: (provider: Pick<FakeProvider, 'url'>, timeoutMs?: number) => Drafter;
  /** A whole reply with this as its answer, as text. */
  readonly wrapped: (content: string) => Reply;
  readonly cutOff: Reply;
  readonly path: string;
  readonly key: (headers: Readonly<Record<string, unknown>>) => unknown;
}

const quick = { timeoutMs: 10_000, backoffMs: 20 };

const KINDS: readonly Kind[] = [
  {
    name: 'anthropic',
    make: ({ url }, timeoutMs = quick.timeoutMs) => anthropicDrafter({ ...quick, timeoutMs, url, model: 'a-model', key: SECRET }),
    wrapped: (content) => (response, asked) => {
      const parsed = readable(content);
      const block = parsed === undefined ? { type: 'text', text: `${content} ${SECRET}` } : { type: 'tool_use', id: 'x', name: 'submit_plan', input: parsed };
      json(200, { type: 'message', stop_reason: 'tool_use', content: [{ type: 'text', text: 'Here it is.' }, block] })(response, asked);
    },
    cutOff: json(200, { type: 'message', stop_reason: 'max_tokens', content: [{ type: 'text', text: '{"features": [' }] }),
    path: '/v1/messages',
    key: (headers) => headers['x-api-key'],
  },
  {
    name: 'openai-compatible',
    make: ({ url }, timeoutMs = quick.timeoutMs) => openAiCompatibleDrafter({ ...quick, timeoutMs, url: new URL('/v1', url), model: 'a-model', key: SECRET }),
    wrapped: (content) => json(200, { choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: readable(content) === undefined ? `${content} ${SECRET}` : content } }] }),
    cutOff: json(200, { choices: [{ finish_reason: 'length', message: { content: '{"features": [' } }] }),
    path: '/v1/chat/completions',
    key: (headers) => String(headers['authorization']).replace('Bearer ', ''),
  },
];

const readable = (content: string): unknown => {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
};

const open: FakeProvider[] = [];
const provider = async (...replies: readonly Reply[]): Promise<FakeProvider> => {
  const one = await fakeProvider(...replies);
  open.push(one);
  return one;
};
afterEach(async () => {
  for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
});

const signal = new AbortController().signal;
const failure = async (drafter: Drafter): Promise<string> => {
  const result = await drafter.draft(request, { signal });
  if (result.ok) throw new Error('it has answered');
  expect(JSON.stringify(result)).not.toContain(SECRET);
  expect(result.error[0]?.code).toBe('TASKS1608');
  return result.error[0]?.message ?? '';
};

describe.each(KINDS)('the drafter $name', ({ name, make, wrapped, cutOff, path, key }) => {
  conformance({
    answering: async (answer) => make(await provider(wrapped(JSON.stringify(answer)))),
    babbling: async () => make(await provider(wrapped('I would begin with the login.'))),
    failing: async () => make(await provider(json(500, { error: { message: `upstream refused the key ${SECRET}` } }))),
    hanging: async (timeoutMs) => make(await provider(never), timeoutMs),
  });

  it('sends the model, the schema and the prompt, and the key in its header only', async () => {
    const server = await provider(wrapped('{"features":[],"tasks":[]}'));
    await make(server).draft(request, { signal });
    expect(server.asked).toHaveLength(1);
    const [{ path: asked, headers, body } = { path: '', headers: {}, body: {} }] = server.asked;
    expect(asked).toBe(path);
    expect(key(headers)).toBe(SECRET);
    const sent = JSON.stringify(body);
    expect(sent).not.toContain(SECRET);
    for (const part of ['a-model', 'FR-3: The system MUST', 'SessionStore', '"mostLikely"']) expect(sent).toContain(part.replaceAll('"', sent.includes(part) ? '"' : '\\"'));
  });

  it('asks again after what passes, when it is told to', async () => {
    const server = await provider(json(429, {}, { 'retry-after': '1' }), text(503, 'busy'), wrapped('{"a":1}'));
    expect(await make(server).draft(request, { signal })).toEqual({ ok: true, value: { a: 1 } });
    expect(server.asked).toHaveLength(3);
    expect((server.asked[1]?.at ?? 0) - (server.asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('asks three times and no more', async () => {
    const server = await provider(json(500, { error: { message: 'it is down' } }));
    expect(await failure(make(server))).toBe(`the drafter ${name} refuses (HTTP 500): it is down`);
    expect(server.asked).toHaveLength(3);
  });

  it('does not wait longer than it has time', async () => {
    const server = await provider(json(429, { error: { message: 'slow down' } }, { 'retry-after': '3600' }));
    const began = performance.now();
    expect(await failure(make(server))).toBe(`the drafter ${name} refuses (HTTP 429): slow down; it wants to be asked again in 3600 s, for which there is no time`);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(server.asked).toHaveLength(1);
  });

  it('asks in a simpler form where its form is refused', async () => {
    const server = await provider(json(400, { error: { message: 'unknown parameter' } }), wrapped('{"a":1}'));
    expect(await make(server).draft(request, { signal })).toEqual({ ok: true, value: { a: 1 } });
    expect(server.asked).toHaveLength(2);
    expect(JSON.stringify(server.asked[1]?.body)).not.toBe(JSON.stringify(server.asked[0]?.body));
  });

  it('shows nothing that a provider says of a key', async () => {
    const server = await provider(json(401, { error: { message: `Incorrect API key provided: ${SECRET.slice(0, 12)}` } }));
    const message = await failure(make(server));
    expect(message).toBe(`the drafter ${name} refuses the key (HTTP 401)`);
    expect(server.asked).toHaveLength(1);
  });

  it.each<[string, Reply, RegExp]>([
    ['no JSON', text(200, `<html>${SECRET}</html>`), /answered, but what it answered is no JSON$/],
    ['something else', json(200, { hello: SECRET }), /answered, but it is no (?:message|completion)$/],
    ['half of it', cutOff, /longer than the model may write/],
    ['an address elsewhere', (response) => response.writeHead(307, { location: `http://127.0.0.1:9/?key=${SECRET}` }).end(), /leads elsewhere \(HTTP 307\)/],
    ['far too much', (response) => response.writeHead(200).end(Buffer.alloc(9 * 1024 * 1024, 0x20)), /larger than 8\.0 MB/],
    ['half a connection', (response) => response.writeHead(200, { 'content-length': '100' }).write('{', () => response.destroy()), /the connection failed \(ECONNRESET\)/],
  ])('refuses %s', async (_, reply, message) => expect(await failure(make(await provider(reply)))).toMatch(message));

  it('says where nobody answers', async () => {
    const gone = await fakeProvider(never);
    await gone[Symbol.asyncDispose]();
    expect(await failure(make(gone))).toBe(`the drafter ${name} did not answer: the connection failed (ECONNREFUSED) at ${gone.url.origin}`);
  });
});

it('reads Retry-After in seconds and as a date', () => {
  const now = Date.parse('2026-03-01T12:00:00Z');
  expect(waitOf('7', 10, now)).toBe(7_000);
  expect(waitOf('Sun, 01 Mar 2026 12:00:30 GMT', 10, now)).toBe(30_000);
  expect(waitOf('Sun, 01 Mar 2026 11:00:00 GMT', 10, now)).toBe(0);
  expect(waitOf('soon', 10, now)).toBe(10);
  expect(waitOf(undefined, 10, now)).toBe(10);
});
