/** What plans say of pre-emption, background tasks and pressure, in every format. */
import { describe, expect, test } from 'vitest';
import { parsePatch } from '../../../planner/read/parse-patch.ts';
import { accepted, refused, summary, taskOf } from './reading.ts';

const formats = (tasks: readonly object[]): readonly string[] => [
  JSON.stringify(tasks),
  JSON.stringify({ tasks, dependencies: [] }),
  JSON.stringify({ graph: { nodes: tasks } }),
  JSON.stringify({ phase_id: 'P', tasks }),
];

describe('tasks', () => {
  const tasks = [
    { id: 'a', cmd: 'x', preemptible: true, pausable: true, kind: 'bg' },
    { id: 'b', cmd: 'x', scheduling_hints: { preemptible: true, can_pause_resume: true }, priority: 'background' },
    { id: 'c', cmd: 'x', preemptible: false, pausable: false, scheduling_hints: { preemptible: true, can_pause_resume: true, priority: 'high' }, kind: 'bg' },
    { id: 'd', cmd: 'x', kind: 'impl' },
  ];

  test('say whether they may be stopped or suspended, our own word before the hint; a priority says more than a kind', async () => {
    for (const stdin of formats(tasks)) {
      const read = await accepted({ stdin });
      for (const id of ['a', 'b']) expect(taskOf(read, id), stdin).toMatchObject({ preemptible: true, pausable: true, priority: 5 });
      for (const id of ['c', 'd']) {
        expect(taskOf(read, id)).not.toHaveProperty('preemptible');
        expect(taskOf(read, id)).not.toHaveProperty('pausable');
      }
      expect(taskOf(read, 'c').priority).toBe(2);
      expect(taskOf(read, 'd')).not.toHaveProperty('priority');
    }
    for (const task of tasks.slice(0, 2)) {
      const parsed = parsePatch({ op: 'inject_task', task }, { fallbackId: 'p' });
      expect(parsed).toMatchObject({ ok: true, value: { patch: { tasks: [{ id: task.id, preemptible: true, pausable: true, priority: 5 }] } } });
    }
  });

  test.each(['"preemptible"', '"pausable"', '"scheduling_hints": {"preemptible"', '"scheduling_hints": {"can_pause_resume"'])('%s is true or false', async (key) => {
    const text = `[{"id": "a", "cmd": "x", ${key}:\n"yes"${key.includes('{') ? '}' : ''}}]`;
    expect(summary(await refused({ stdin: text }))).toEqual([['TASKS1006', 2]]);
  });

  test('what is in a background phase or below a background task is background, unless it says otherwise', async () => {
    const read = await accepted({
      stdin:
        'phase_id: P\nkind: bg\ntasks:\n  - {id: a, cmd: x}\n  - {id: b, cmd: x, priority: foreground}\n---\nphase_id: Q\ntasks:\n  - id: c\n    kind: bg\n    subtasks:\n      - {id: d, cmd: x}\n      - {id: e, cmd: x, priority: low}\n---\nphase_id: R\nkind: bg\ncmd: x\n',
    });
    expect(['a', 'b', 'c', 'd', 'e', 'R'].map((id) => taskOf(read, id).priority)).toEqual([5, 3, 5, 5, 4, 5]);
  });

  test('there is nothing to stop of a task that only holds subtasks, which it is told', async () => {
    const read = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    preemptible: true\n    pausable: true\n    subtasks: [{id: s, cmd: x, pausable: true}]\n' });
    expect(taskOf(read, 't')).not.toHaveProperty('preemptible');
    expect(taskOf(read, 's').pausable).toBe(true);
    expect(read.warnings).toMatchObject([{ code: 'TASKS1006', message: expect.stringContaining('preemptible, pausable has no effect'), place: { line: 4 } }]);
    const silent = await accepted({ stdin: 'phase_id: P\ntasks:\n  - id: t\n    preemptible: false\n    subtasks: [{id: s, cmd: x}]\n' });
    expect(silent.warnings).toEqual([]);
  });
});
