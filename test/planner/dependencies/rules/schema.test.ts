/** Who stores something waits for the schema of it. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';

describe('schemas', () => {
  test('come before what stores their entity, in whatever feature', () => {
    const tasks = [
      { id: 'A', title: 'Record expenses', feature: 'F1' },
      { id: 'B', title: 'Add the expense migration', feature: 'F2' },
      { id: 'C', title: 'Show chores', feature: 'F3' },
      { id: 'D', title: 'Test expenses', feature: 'F4' },
    ];
    const { edges, of } = found({ tasks });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['B>A']);
    expect(of('B', 'A')).toMatchObject({ type: 'infrastructure', confidence: 0.95, isHard: true });
  });

  test('are told by the model that they produce', () => {
    const tasks = [
      { id: 'A', title: 'Define how chores repeat', produces: ['ChoreAssignmentModel:v1'], feature: 'F1' },
      { id: 'B', title: 'List chore assignments', feature: 'F2' },
      { id: 'C', title: 'List chores', feature: 'F3' },
    ];
    expect(found({ tasks }).edges.filter((edge) => edge.includes('>'))).toEqual(['A>B']);
  });

  test('serve requirements of their feature, with whoever else serves them', () => {
    const tasks = [{ id: 'A', title: 'Add the ledger table', requirements: ['R1'] }, { id: 'B', title: 'Compute who owes whom', requirements: ['R1'] }, { id: 'C', title: 'Compute totals', requirements: ['R2'] }];
    const { edges, of } = found({ tasks, text: 'Balances. [R1]\n\nTotals. [R2]\n' });
    expect(edges).toEqual(['A>B']);
    expect(of('A', 'B')?.evidence.some(({ type }) => type === 'doc')).toBe(true);
  });
});
