import { expect, test } from 'vitest';
import { WholeTurns } from '../../workflows/interceptors.ts';

type Input = Parameters<WholeTurns['activate']>[0];

const turn = (historyLength: number, historySizeBytes: number, job: object = { fireTimer: { seq: 1 } }): Input =>
  ({ activation: { jobs: [job], historyLength, historySizeBytes }, batchIndex: 0 }) as unknown as Input;

/** Lengths of the histories whose turns went through. */
const run = (turns: readonly Input[]): number[] => {
  const seen: number[] = [];
  const guard = new WholeTurns();
  for (const input of turns) guard.activate(input, ({ activation }) => void seen.push(activation.historyLength ?? 0));
  return seen;
};

test('turns of workflow tasks go through, several of one task as well, and queries in between', () => {
  const query = { queryWorkflow: { queryId: 'legacy_query' } };
  expect(run([turn(3, 400), turn(3, 400), turn(3, 400, query), turn(9, 800), turn(9, 800, query)])).toEqual([3, 3, 3, 9, 9]);
});

test('a turn with events that no workflow task has taken up is refused', () => {
  expect(() => run([turn(3, 400), turn(9, 800), turn(12, 800)])).toThrow('[TASKS3012]');
});

test('a server that does not state the size is believed', () => {
  expect(run([turn(3, 0), turn(9, 0)])).toEqual([3, 9]);
});
