/** Who consumes an interface waits for its one producer. */
import { describe, expect, test } from 'vitest';
import { plannedTaskSchema } from '../../../../planner/artifacts/task.schema.ts';
import { taskHash } from '../../../../planner/artifacts/content-hash.ts';
import { withOneProducer } from '../../../../planner/dependencies/producers.ts';
import { found, planned } from '../planned.ts';

const consumer = (consumes: string, produces: string): ReturnType<typeof found> =>
  found({ tasks: [{ id: 'A', feature: 'F1', consumes: [consumes], title: 'Build the page' }, { id: 'B', feature: 'F2', produces: [produces], title: 'Build the service' }] });

describe('interfaces', () => {
  test('the consumer waits for the producer, wherever the plan puts it', () => {
    const { edges, of } = consumer('AuthAPI:v1', 'AuthAPI:v1');
    expect(edges).toEqual(['B>A']);
    expect(of('B', 'A')).toMatchObject({ type: 'technical', confidence: 0.95, isHard: true, reason: 'A consumes AuthAPI:v1 by B' });
  });

  test.each([
    ['Auth-API', 'AuthAPI:v1', 0.9],
    ['auth_api:v1', 'AuthAPI:v1', 0.9],
    ['AuthAPI:v2', 'AuthAPI:v1', 0.8],
  ])('%s is met by %s, less certainly', (consumes, produces, confidence) => {
    expect(consumer(consumes, produces).of('B', 'A')?.confidence).toBe(confidence);
  });

  test('what nobody produces and the code base does not have is said; what the code base has is not', () => {
    const tasks = [{ id: 'A', consumes: ['AuthAPI:v1', 'UserRepository:v1'] }];
    const symbols = [{ name: 'UserRepository', kind: 'class', file: 'src/users.ts', line: 3, isExported: true, bases: [] }] as const;
    const { edges, warnings } = found({ tasks, codebase: { symbols } });
    expect(edges).toEqual([]);
    expect(warnings).toEqual(['A consumes AuthAPI:v1, which no task produces and the code base does not have.']);
  });

  test('evidence names the symbol that is there, by file and line, and the requirement that speaks of it', () => {
    const symbols = [{ name: 'AuthAPI', kind: 'class', file: 'src/auth.ts', line: 12, isExported: true, bases: [] }] as const;
    const tasks = [{ id: 'A', produces: ['AuthAPI:v1'] }, { id: 'B', feature: 'F2', consumes: ['AuthAPI:v1'], requirements: ['R1'] }];
    const evidence = found({ tasks, codebase: { symbols }, text: 'Users need auth. [R1]\n' }).of('A', 'B')?.evidence ?? [];
    expect(evidence.map(({ type, reason }) => `${type}: ${reason}`)).toEqual(['rule: A produces AuthAPI:v1', 'doc: Line 1: "Users need auth. [R1]"', 'codebase: src/auth.ts:12 has the class AuthAPI']);
  });

  test('of two producers the first in plan order stays; the other waits for it, and so does who consumes', () => {
    const tasks = [{ id: 'A', produces: ['X:v1'] }, { id: 'B', feature: 'F2', produces: ['X:v1'] }, { id: 'C', feature: 'F3', consumes: ['X:v1'] }];
    const { edges, warnings } = found({ tasks });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['A>B', 'A>C']);
    expect(warnings).toEqual(['B says that it produces X:v1, which A produces: it consumes it instead.']);
  });

  test('whoever runs tests of an interface waits for what implements it, whoever writes them for its contract', () => {
    const tasks = [
      { id: 'A', title: 'Define the shorten API contract', produces: ['ShortenAPI:v1'] },
      { id: 'B', title: 'Build the shorten endpoint', consumes: ['ShortenAPI:v1'] },
      { id: 'C', title: 'Run the tests of the journey', feature: 'F2', consumes: ['ShortenAPI:v1'] },
      { id: 'D', title: 'Build the page', feature: 'F2', consumes: ['ShortenAPI:v1'] },
      { id: 'E', title: 'Write tests of shortening', consumes: ['ShortenAPI:v1'] },
    ];
    const { edges } = found({ tasks });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['A>B', 'A>C', 'A>D', 'A>E', 'B>C', 'D>C']);
  });

  test('a circle of interfaces is opened where it is least certain, and said', () => {
    const tasks = [
      { id: 'A', feature: 'F1', produces: ['A:v1'], consumes: ['C:v2'] },
      { id: 'B', feature: 'F2', produces: ['B:v1'], consumes: ['A:v1'] },
      { id: 'C', feature: 'F3', produces: ['C:v1'], consumes: ['B:v1'] },
    ];
    const { edges, warnings } = found({ tasks });
    expect(edges).toEqual(['A>B', 'B>C']);
    expect(warnings).toEqual(['A does not wait for C (interface-version): by what is more certain, it comes before it.']);
  });

  test('tasks can be given one producer each, hashed anew', () => {
    const { tasks, warnings } = withOneProducer([planned({ id: 'A', produces: ['X:v1', 'Y:v1'] }), planned({ id: 'B', produces: ['X:v1', 'Z:v1'] })]);
    expect(tasks.map(({ interfaces_produced: produced, interfaces_consumed: consumed }) => [produced, consumed])).toEqual([[['X:v1', 'Y:v1'], []], [['Z:v1'], ['X:v1']]]);
    for (const task of tasks) expect(task.contentHash).toBe(taskHash(plannedTaskSchema.parse(task)));
    expect(warnings).toHaveLength(1);
    expect(withOneProducer(tasks)).toEqual({ tasks, warnings: [] });
  });
});
