/** Why a request would be refused in the state that the execution is in. Nothing is changed here. */
import type { GraphTask } from '../model/graph.ts';
import type { Problem } from '../model/problem.ts';
import { unreachable } from '../model/unreachable.ts';
import { needsApproval } from './approvals.ts';
import { executorOf } from './dispatch.ts';
import type { GraphIndex } from './graph-index.ts';
import type { Healing } from './healing/healing.ts';
import { planPatch } from './patch.ts';
import type { SchedulerEvent, SchedulerState } from './protocol.ts';
import { refuseTaskRequest } from './request.ts';
import type { TaskRequestKind } from './request.ts';
import type { Unwind } from './rollback/unwind.ts';

export class Refusals {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #healing: Pick<Healing, 'has'>;
  readonly #unwind: Pick<Unwind, 'refuse' | 'refuseOthers' | 'isBusy'>;

  constructor(options: { readonly state: SchedulerState; readonly index: GraphIndex; readonly healing: Pick<Healing, 'has'>; readonly unwind: Pick<Unwind, 'refuse' | 'refuseOthers' | 'isBusy'> }) {
    this.#state = options.state;
    this.#index = options.index;
    this.#healing = options.healing;
    this.#unwind = options.unwind;
  }

  /** Undefined for what is no request of anybody's. */
  of(event: SchedulerEvent): readonly Problem[] | undefined {
    switch (event.type) {
      case 'retry':
      case 'skip':
      case 'quarantine':
      case 'complete':
        return this.#whileUndone() ?? this.#task(event.type, event.task);
      case 'approve':
        return this.#whileUndone() ?? this.#task(event.approved === false ? 'disapprove' : 'approve', event.task);
      case 'patch': {
        if (this.#state.patches.some((receipt) => receipt.patchId === event.patch.id)) return undefined;
        const busy = this.#whileUndone();
        if (busy) return busy;
        const plan = planPatch(this.#state, this.#index, event.patch);
        return plan.ok ? undefined : plan.error;
      }
      case 'resetBreaker':
        if (this.#state.mode !== 'finished' && !this.#healing.has(event.breaker)) {
          return [{ code: 'TASKS3004', message: `no breaker ${JSON.stringify(event.breaker)} in this execution`, hint: '`tasks breakers ID` lists them.' }];
        }
        return this.#ended();
      case 'resume':
        return this.#unwind.isBusy ? this.#whileUndone() : this.#ended();
      case 'pause':
      case 'abort':
        return this.#ended();
      case 'begin':
      case 'tick':
      case 'started':
      case 'ended':
      case 'granted':
      case 'refused':
      case 'openings':
      case 'workers':
      case 'repaired':
      case 'compensating':
      case 'rollback':
      case 'rollbackRefused':
      case 'rolledBack':
        return undefined;
      default:
        return unreachable(event);
    }
  }

  /** Why a rollback cannot be asked for now. */
  ofRollback(): readonly Problem[] | undefined {
    const problem = this.#unwind.refuse();
    return problem && [problem];
  }

  #task(kind: TaskRequestKind, id: string): readonly Problem[] | undefined {
    const index = this.#index.indexOf.get(id);
    const task: GraphTask | undefined = index === undefined ? undefined : this.#index.tasks[index];
    const problem = refuseTaskRequest({
      kind,
      task: id,
      mode: this.#state.mode,
      record: index === undefined ? undefined : this.#state.records[index],
      executor: task ? executorOf(task) : '',
      approval: task !== undefined && needsApproval(task, this.#state.graph.policies.approval),
      byHand: task?.byHand !== undefined,
    });
    return problem && [problem];
  }

  #ended(): readonly Problem[] | undefined {
    return this.#state.mode === 'finished' ? [{ code: 'TASKS3002', message: 'the execution has ended' }] : undefined;
  }

  #whileUndone(): readonly Problem[] | undefined {
    const problem = this.#unwind.refuseOthers();
    return problem && [problem];
  }
}
