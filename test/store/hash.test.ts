import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isContentHash } from '../../model/ids.ts';
import { canonicalContent, contentHash } from '../../store/hash.ts';

test('the hash is sha256 over RFC 8785 JSON', () => {
  const { hash, json } = canonicalContent({ b: [1, 1e21, 'é'], a: { y: null, x: -0, skipped: undefined } });
  expect(json.toString('utf8')).toBe('{"a":{"x":0,"y":null},"b":[1,1e+21,"é"]}');
  expect(hash).toBe('4152a4afbe5a087a803b8f824654ad3900d866645eea8a9ab755367c798f4eee');
  expect(isContentHash(hash)).toBe(true);
});

test('the hash survives JSON and the order of keys', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()), (value) => {
      const copy = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(value).toReversed()))) as unknown;
      expect(contentHash(copy)).toBe(contentHash(JSON.parse(JSON.stringify(value))));
    }),
  );
});

test('what JSON cannot carry is an error with a code', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  let deep: unknown = 1;
  for (let i = 0; i < 100_000; i++) deep = [deep];
  for (const value of [Number.NaN, { a: Infinity }, '\ud800', circle, deep, undefined]) {
    expect(() => contentHash(value)).toThrow('[TASKS1006]');
  }
});
