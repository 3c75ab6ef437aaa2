/** Interfaces of a draft: one producer each, nobody waits for what nobody makes, and none waits for itself in the end. */
import { quote } from '../../read/words.ts';
import type { Findings } from './findings.ts';
import { named } from './findings.ts';
import type { HeldTask } from './held.ts';
import type { OrderGraph } from './order-graph.ts';

/** Puts the order that follows from them into `order`, by place in `tasks`. */
export const checkInterfaces = (tasks: readonly HeldTask[], order: OrderGraph<number>, findings: Findings): readonly HeldTask[] => {
  const producers = new Map<string, number>();
  const producing = tasks.map((task, at): HeldTask => {
    const produces = task.produces.filter((name) => {
      const first = producers.get(name);
      if (first === undefined) producers.set(name, at);
      else findings.add('dropped', named('task', task.id, task.title), `it produces ${quote(name)}, which ${tasks[first]?.id ?? 'another one'} does already`);
      return first === undefined;
    });
    return { ...task, produces };
  });
  return producing.map((task, at): HeldTask => {
    const where = named('task', task.id, task.title);
    const consumes = task.consumes.filter((name) => {
      const producer = producers.get(name);
      if (producer === undefined) findings.add('dropped', where, `it consumes ${quote(name)}, which no task produces`);
      if (producer === undefined || producer === at) return false;
      const way = order.add(producer, at);
      if (way) findings.add('dropped', where, `that it consumes ${quote(name)} closes a cycle: ${[...way, at].map((each) => tasks[each]?.id ?? '').join(' → ')}`);
      return way === undefined;
    });
    return { ...task, consumes };
  });
};
