/** Within a feature: contract, implementation, then what looks at it, side by side. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';

describe('a feature', () => {
  test('begins with its contract; tests, documentation and CI are written beside what they are about, and run last', () => {
    const titles = ['Define the shorten API contract', 'Build the shorten endpoint', 'Build the shorten form', 'Test shortening', 'Document shortening', 'Add shortening to CI', 'Run the tests of shortening'];
    const { edges, dependencies } = found({ tasks: titles.map((title, index) => ({ id: `T${index}`, title })) });
    expect(edges).toEqual(['T0>T1', 'T0>T2', 'T0>T3', 'T0>T4', 'T0>T5', 'T1>T6', 'T2>T6']);
    expect(new Set(dependencies.map(({ type }) => type))).toEqual(new Set(['technical']));
  });

  test('waits only for what has to do with it, where that can be told', () => {
    const tasks = [
      { id: 'C1', title: 'Define the list API contract', produces: ['ListAPI:v1'] },
      { id: 'C2', title: 'Define the chat API contract', produces: ['ChatAPI:v1'] },
      { id: 'I1', title: 'Build lists', consumes: ['ListAPI:v1'], requirements: ['R1'] },
      { id: 'I2', title: 'Build chat', consumes: ['ChatAPI:v1'], requirements: ['R2'] },
      { id: 'T1', title: 'Run the tests of lists', requirements: ['R1'] },
    ];
    const { edges, of } = found({ tasks, text: 'Lists. [R1]\n\nChat. [R2]\n' });
    expect(edges).toEqual(['C1>I1', 'C2>I2', 'I1>T1']);
    expect(of('I1', 'T1')?.evidence.map(({ reason }) => reason)).toContain('Line 1: "Lists. [R1]"');
  });

  test('without an implementation is tested by its contract, and optimized last', () => {
    expect(found({ tasks: [{ id: 'A', title: 'Specify the protocol' }, { id: 'B', title: 'Document the protocol' }] }).edges).toEqual(['A>B']);
    const tasks = [{ id: 'A', title: 'Cache redirects', category: 'optimization' as const }, { id: 'B', title: 'Build redirects' }];
    expect(found({ tasks }).of('B', 'A')).toMatchObject({ confidence: 0.85, isHard: true });
  });

  test('does not concern another one', () => {
    const tasks = [{ id: 'A', title: 'Define the chat API contract', feature: 'F1' }, { id: 'B', title: 'Build lists', feature: 'F2' }, { id: 'C', title: 'Test nothing', feature: 'F3' }];
    expect(found({ tasks }).edges.filter((edge) => edge.includes('>'))).toEqual([]);
  });
});
