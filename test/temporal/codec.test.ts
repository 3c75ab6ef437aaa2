import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { expect, test } from 'vitest';
import { COMPRESS_ABOVE, COMPRESSED_ENCODING, CompressingCodec } from '../../temporal/codec.ts';
import { dataConverter } from '../../temporal/data-converter.ts';

const codec = new CompressingCodec();
const text = (value: Uint8Array | null | undefined): string => new TextDecoder().decode(value ?? new Uint8Array());
const one = (payloads: readonly Payload[]): Payload => {
  const [payload] = payloads;
  if (!payload) throw new Error('no payload');
  return payload;
};
const encoded = async (value: unknown): Promise<Payload> =>
  one(await codec.encode([defaultPayloadConverter.toPayload(value)]));

test('the data converter of clients and workers holds the codec', () => {
  expect(dataConverter.payloadCodecs?.[0]).toBeInstanceOf(CompressingCodec);
});

test('a payload up to 64 KB stays as it is, readable for everybody', async () => {
  const payload = defaultPayloadConverter.toPayload('x'.repeat(COMPRESS_ABOVE - 2));
  expect(payload.data?.length).toBe(COMPRESS_ABOVE);
  expect(one(await codec.encode([payload]))).toBe(payload);
});

test('a larger one is compressed, says so, and comes back with all its metadata', async () => {
  const value = { tasks: Array.from({ length: 5_000 }, (_, index) => ({ id: `T${index}`, title: 'größer 🚀' })) };
  const before = defaultPayloadConverter.toPayload(value);
  const after = await encoded(value);
  expect(text(after.metadata?.['encoding'])).toBe(COMPRESSED_ENCODING);
  expect(after.data?.length).toBeLessThan((before.data?.length ?? 0) / 3);
  const decoded = one(await codec.decode([after]));
  expect(decoded.metadata).toEqual(before.metadata);
  expect(defaultPayloadConverter.fromPayload(decoded)).toEqual(value);
});

test('what does not shrink stays as it is', async () => {
  const payload = defaultPayloadConverter.toPayload(new Uint8Array(randomBytes(200_000)));
  expect(one(await codec.encode([payload]))).toBe(payload);
});

test('payloads keep their order, and foreign encodings pass', async () => {
  const payloads = ['a', 'b'.repeat(100_000), 3].map((value) => defaultPayloadConverter.toPayload(value));
  const foreign: Payload = { metadata: { encoding: new TextEncoder().encode('binary/encrypted') }, data: randomBytes(10) };
  const decoded = await codec.decode(await codec.encode([...payloads, foreign, {}]));
  expect(decoded.slice(0, 3).map((payload) => defaultPayloadConverter.fromPayload(payload))).toEqual(['a', 'b'.repeat(100_000), 3]);
  expect(decoded.slice(3)).toEqual([foreign, {}]);
  expect(await codec.encode([])).toEqual([]);
});

test('damaged data is refused: flipped, cut off, absent, or of unknown origin', async () => {
  const good = await encoded('y'.repeat(100_000));
  const data = good.data ?? new Uint8Array();
  const flipped = Uint8Array.from(data, (byte, index) => (index === 40 ? byte ^ 1 : byte));
  for (const bad of [flipped, data.subarray(0, 60), new Uint8Array()]) {
    await expect(codec.decode([{ ...good, data: bad }])).rejects.toThrow('[TASKS4006]');
  }
  const { metadata, ...bare } = good;
  await expect(codec.decode([{ ...bare, metadata: { encoding: metadata?.['encoding'] ?? new Uint8Array() } }])).rejects.toThrow('[TASKS4006]');
});

test('a bomb is refused at the limit, before it fills the memory', async () => {
  const small = new CompressingCodec({ maxDecompressed: 1_000_000 });
  const good = await encoded('z'.repeat(100_000));
  const bomb = { ...good, data: deflateSync(Buffer.alloc(1_000_001)) };
  await expect(small.decode([bomb])).rejects.toThrow('inflates to more than 1000000 bytes');
  expect(one(await small.decode([{ ...good, data: deflateSync(Buffer.alloc(1_000_000)) }])).data?.length).toBe(1_000_000);
});
