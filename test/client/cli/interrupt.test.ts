import { expect, test } from 'vitest';
import { Interrupt, interrupted } from '../../../client/cli/interrupt.ts';

const counting = () => {
  const ends: string[] = [];
  return { ends, interrupt: new Interrupt(() => ends.push('ended')) };
};

test('a command that does not listen is ended by the first interrupt', () => {
  const { ends, interrupt } = counting();
  interrupt.fire();
  expect(ends).toEqual(['ended']);
});

test('a command that listens winds down at the first, and is ended by the second', async () => {
  const { ends, interrupt } = counting();
  const first = interrupted(interrupt.signal);
  interrupt.fire();
  await first;
  expect(ends).toEqual([]);
  interrupt.fire();
  expect(ends).toEqual(['ended']);
});
