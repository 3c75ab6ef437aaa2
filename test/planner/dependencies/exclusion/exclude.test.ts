/** Tasks that cannot run beside each other take turns, in an order that contradicts nothing. */
import { describe, expect, test } from 'vitest';
import type { FoundResource } from '../../../../planner/codebase/analysis.ts';
import { findDependencies } from '../../../../planner/dependencies/find-dependencies.ts';
import { found, inputOf } from '../planned.ts';
import type { PlanSketch, Sketch } from '../planned.ts';

const MIGRATIONS: FoundResource = {
  name: 'database_migrations',
  resource: { type: 'exclusive', location: 'db/migrations/', constraint: 'sequential_only', reason: 'The migration tool locks the schema' },
  paths: ['db/migrations'],
  words: ['migration'],
};
const POOL: FoundResource = { name: 'test_db_pool', resource: { type: 'shared_limited', capacity: 3, location: 'test-db', reason: 'Only 3 databases' }, paths: [], words: [] };

/** Of one feature, so that nothing but what is said orders them. */
const part = (id: string, more: Omit<Sketch, 'id'> = {}): Sketch => ({ id, title: `Build ${id}`, ...more });

const refused = (sketch: PlanSketch): readonly string[] => {
  const result = findDependencies(inputOf(sketch));
  return result.ok ? [] : result.error.map(({ code, message }) => `${code} ${message}`);
};

describe('exclusive resources', () => {
  test('are taken in turns: each with the next one, not all with all', () => {
    const tasks = ['A', 'B', 'C', 'D'].map((id) => part(id, { exclusive: ['database_migrations'] }));
    const { edges, of, conflicts } = found({ tasks, codebase: { resources: [MIGRATIONS] } });
    expect(edges).toEqual(['A|B', 'B|C', 'C|D']);
    expect(of('A', 'B')).toEqual({
      from: 'A',
      to: 'B',
      type: 'mutual_exclusion',
      reason: 'A and B both need "database_migrations", which is one task\'s at a time',
      shared_resource: 'database_migrations',
      evidence: [{ type: 'infrastructure', reason: 'The migration tool locks the schema (db/migrations/)', confidence: 1 }],
      confidence: 1,
      isHard: true,
    });
    expect(conflicts).toEqual({
      database_migrations: {
        tasks: ['A', 'B', 'C', 'D'],
        resolution: 'sequential_ordering',
        suggested_order: ['A', 'B', 'C', 'D'],
        rationale: 'The migration tool locks the schema (db/migrations/). Ordered after what each task waits for, then by the order of the plan',
      },
    });
  });

  test('are ordered after what each task waits for; where one waits for the other anyway there is no turn to take, but the conflict is listed', () => {
    const tasks = [part('A', { exclusive: ['x'], consumes: ['B:v1'] }), part('B', { exclusive: ['x'], produces: ['B:v1'] })];
    const { edges, conflicts } = found({ tasks });
    expect(edges).toEqual(['B>A']);
    expect(conflicts['x']?.suggested_order).toEqual(['B', 'A']);
  });

  test('are needed by whoever writes what belongs to them', () => {
    const tasks = [part('A', { writes: ['db/migrations/1.sql'] }), part('B', { writes: ['db/**'] }), part('C', { writes: ['src/a.ts'] })];
    const { edges, conflicts } = found({ tasks, codebase: { resources: [MIGRATIONS] } });
    expect(edges).toEqual(['A|B']);
    expect(Object.keys(conflicts)).toEqual(['database_migrations']);
  });

  test('may be called anything', () => {
    const tasks = ['__proto__', 'constructor'].flatMap((name) => [part(`A-${name.length}`, { exclusive: [name] }), part(`B-${name.length}`, { exclusive: [name] })]);
    expect(Object.keys(found({ tasks }).conflicts)).toEqual(['__proto__', 'constructor']);
  });

  test('one pair has one edge, whatever it shares', () => {
    const tasks = [part('A', { exclusive: ['x', 'y'], writes: ['a.ts'] }), part('B', { exclusive: ['x', 'y'], writes: ['a.ts'] })];
    const { dependencies, conflicts } = found({ tasks });
    expect(dependencies).toHaveLength(1);
    expect(dependencies[0]?.shared_resource).toBe('x');
    expect(dependencies[0]?.evidence).toHaveLength(2);
    expect(Object.keys(conflicts)).toEqual(['x', 'y']);
  });
});

describe('files', () => {
  test('that several tasks write are written in turns', () => {
    const tasks = [part('A', { writes: ['src/app.ts', 'src/a.ts'] }), part('B', { writes: ['./src/app.ts'] }), part('C', { writes: ['src/c.ts'] })];
    const { edges, of, conflicts } = found({ tasks });
    expect(edges).toEqual(['A|B']);
    expect(of('A', 'B')).toMatchObject({ type: 'mutual_exclusion', shared_resource: 'file:src/app.ts', reason: 'A and B both write src/app.ts' });
    expect(conflicts['file:src/app.ts']?.tasks).toEqual(['A', 'B']);
  });

  test('below one pattern are not below each other', () => {
    const tasks = [part('A', { writes: ['src/**'] }), part('B', { writes: ['src/b.ts'] }), part('C', { writes: ['src/c.ts'] })];
    const { edges, of } = found({ tasks });
    expect(edges).toEqual(['A|B', 'A|C']);
    expect(of('A', 'C')?.shared_resource).toBe('file:src/c.ts');
  });

  test('that the same tasks write are one conflict', () => {
    const writes = ['a.ts', 'b.ts', 'c.ts', 'd.ts', 'e.ts'];
    const { conflicts } = found({ tasks: [part('A', { writes }), part('B', { writes })] });
    expect(Object.keys(conflicts)).toEqual(['file:a.ts']);
    expect(conflicts['file:a.ts']?.rationale).toContain('a.ts, b.ts, c.ts and 2 more');
  });

  test('are no conflict where one task waits for the other', () => {
    const { edges, conflicts } = found({ tasks: [part('A', { writes: ['a.ts'], produces: ['A:v1'] }), part('B', { writes: ['a.ts'], consumes: ['A:v1'] })] });
    expect(edges).toEqual(['A>B']);
    expect(conflicts).toEqual({});
  });
});

describe('limited resources', () => {
  const using = (units: readonly number[]): readonly Sketch[] => units.map((count, at) => part(`T${at + 1}`, { shared: { test_db_pool: count } }));

  test('make those wait that come when all units are taken', () => {
    const { edges, of, conflicts } = found({ tasks: using([1, 1, 1, 1, 1]), codebase: { resources: [POOL] } });
    expect(edges).toEqual(['T1|T4', 'T2|T5']);
    expect(of('T1', 'T4')).toMatchObject({ type: 'resource_limited', shared_resource: 'test_db_pool', confidence: 1 });
    expect(conflicts['test_db_pool']).toMatchObject({ resolution: 'capacity_planning', rationale: 'Only 3 databases (test-db). 5 units are wanted, and 3 there. Ordered after what each task waits for, then by the order of the plan' });
  });

  test('are counted by units', () => {
    expect(found({ tasks: using([2, 1, 3, 1]), codebase: { resources: [POOL] } }).edges).toEqual(['T1|T3', 'T2|T3', 'T3|T4']);
  });

  test('that are enough for all are no conflict', () => {
    const { edges, conflicts } = found({ tasks: using([1, 1, 1]), codebase: { resources: [POOL] } });
    expect([edges, conflicts]).toEqual([[], {}]);
  });

  test('of which nobody knows how many there are are said', () => {
    expect(found({ tasks: using([1, 1]) }).warnings).toEqual(['Tasks ask for units of "test_db_pool", of which nobody says how many there are.']);
  });

  test('a task that asks for more than there is is refused', () => {
    expect(refused({ tasks: using([4]), codebase: { resources: [POOL] } })).toEqual(['TASKS1606 Task T1 needs 4 units of "test_db_pool", and there are 3.']);
    expect(refused({ tasks: [part('A', { shared: { database_migrations: 2 } })], codebase: { resources: [MIGRATIONS] } })).toEqual(['TASKS1606 Task A needs 2 units of "database_migrations", and there is 1.']);
  });
});

describe('an order that is impossible', () => {
  const text = 'One depends on FR-003. [R1 FR-001]\n\nTwo depends on FR-001. [R2 FR-002]\n\nThree depends on FR-002. [R3 FR-003]\n';
  const circle = (more: Omit<Sketch, 'id'>) => ['A', 'B', 'C'].map((id, at) => part(id, { requirements: [`R${at + 1}`], ...more }));

  test('is refused where the document makes tasks wait in a circle for what they need one at a time', () => {
    expect(refused({ tasks: circle({ exclusive: ['x'] }), text })).toEqual([
      'TASKS1606 Tasks C, A and B need "x" one at a time, and the document makes each of them wait for the one before, and the first for the last.',
    ]);
  });

  test('is left to whoever builds the graph where nothing is shared', () => {
    expect(found({ tasks: circle({}), text }).edges).toEqual(['A>B', 'B>C', 'C>A']);
  });
});
