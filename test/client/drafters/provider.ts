/** A provider of models on this machine that replies as a test says. */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Milliseconds since the first. */
  readonly at: number;
}

export interface FakeProvider extends AsyncDisposable {
  readonly url: URL;
  readonly asked: readonly Asked[];
}

export type Reply = (response: ServerResponse, asked: Asked) => void;

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };

export const text =
  (status: number, body: string): Reply =>
  (response) => {
    response.writeHead(status).end(body);
  };

export const never: Reply = () => undefined;

/** The last reply is given for ever. */
export const fakeProvider = async (...replies: readonly Reply[]): Promise<FakeProvider> => {
  const asked: Asked[] = [];
  const began = performance.now();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Asked = { path: request.url ?? '', headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString('utf8')), at: performance.now() - began };
      asked.push(one);
      replies[Math.min(asked.length, replies.length) - 1]?.(response, one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
