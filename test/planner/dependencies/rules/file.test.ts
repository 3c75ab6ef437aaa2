/** Who reads a file waits for the task that makes it. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';

const tasks = [
  { id: 'A', title: 'Build the view', feature: 'F1', reads: ['./src/store.ts'] },
  { id: 'B', title: 'Build the store', feature: 'F2', writes: ['src/store.ts'] },
  { id: 'C', title: 'Build the form', feature: 'F3', reads: ['src/store.ts'] },
];

describe('files', () => {
  test('that are not there are made first', () => {
    const { edges, of } = found({ tasks });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['B>A', 'B>C']);
    expect(of('B', 'C')).toMatchObject({ type: 'infrastructure', confidence: 0.95, reason: 'C reads src/store.ts, which B makes' });
  });

  test('that are there are read as they are: whoever comes later had better follow', () => {
    const { edges, of } = found({ tasks, codebase: { files: ['src/store.ts'] } });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual([]);
    expect(of('B', 'C')).toMatchObject({ type: 'sequential', confidence: 0.7, isHard: false });
  });

  test('patterns say where a task looks about: nobody waits for them', () => {
    expect(found({ tasks: [{ id: 'A', reads: ['src/**'], feature: 'F1' }, { id: 'B', writes: ['src/a.ts'], feature: 'F1' }] }).edges).toEqual([]);
  });
});
