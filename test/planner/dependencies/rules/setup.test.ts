/** What is set up comes before what stands on it. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';
import type { Sketch } from '../planned.ts';

const hard = (tasks: readonly Sketch[], files: readonly string[] = ['src/app.ts']): readonly string[] => found({ tasks, codebase: { files } }).edges.filter((edge) => edge.includes('>'));

describe('set-up', () => {
  test('comes before whoever names what is set up', () => {
    const tasks: readonly Sketch[] = [
      { id: 'A', title: 'Set up the Express backend server', feature: 'F1', category: 'foundation' },
      { id: 'B', title: 'Build the backend storage module', feature: 'F2' },
      { id: 'C', title: 'Build the input form', feature: 'F3' },
    ];
    expect(hard(tasks)).toEqual(['A>B']);
    expect(found({ tasks }).of('A', 'B')).toMatchObject({ type: 'infrastructure', confidence: 0.95, isHard: true, reason: 'B needs "backend", which A sets up' });
  });

  test('comes before the rest of its feature', () => {
    expect(hard([{ id: 'B', title: 'Send reminders' }, { id: 'A', title: 'Configure the provider', category: 'foundation' }])).toEqual(['A>B']);
  });

  test('of the project comes before everything that is built, where nothing is there yet', () => {
    const tasks: readonly Sketch[] = [
      { id: 'A', title: 'Scaffold the project', feature: 'F1', category: 'foundation' },
      { id: 'B', title: 'Build lists', feature: 'F2' },
      { id: 'C', title: 'Investigate chat', feature: 'F3' },
      { id: 'D', title: 'Document the idea', feature: 'F4' },
    ];
    expect(hard(tasks, [])).toEqual(['A>B']);
    expect(hard(tasks)).toEqual([]);
  });

  test('is no name for what is of the trade: a word that all tasks have makes nobody wait', () => {
    const tasks: readonly Sketch[] = [{ id: 'A', title: 'Set up flatmate accounts', feature: 'F0' }, ...Array.from({ length: 20 }, (_, index): Sketch => ({ id: `B${index}`, title: `Show flatmate page ${index}`, feature: `F${index + 1}` }))];
    expect(hard(tasks)).toEqual([]);
  });
});
