import { expect, test } from 'vitest';
import { compress, decompress } from '../../store/packed-plan.ts';

test('decompressing stops at the limit instead of filling the memory', async () => {
  const bomb = await compress(Buffer.alloc(1_000_000));
  await expect(decompress(bomb, 999_999)).rejects.toThrow(RangeError);
  expect((await decompress(bomb, 1_000_000)).length).toBe(1_000_000);
});
