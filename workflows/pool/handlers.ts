/** Signals and the query of a pool. A signal that cannot be read changes nothing. */
import { defineQuery, defineSignal, setHandler } from '@temporalio/workflow';
import { readJoin, readLeave, readWorkerProfile } from '../../model/pool-guard.ts';
import { POOL_QUERY, POOL_SIGNAL } from '../../model/pool.ts';
import type { PoolView } from '../../model/pool.ts';
import type { Registry } from '../../resources/registry.ts';
import type { Tellings } from './tellings.ts';

export interface PoolParts {
  readonly name: string;
  readonly registry: Registry;
  readonly tellings: Tellings;
  /** Executions must be told. */
  readonly onChange: () => void;
}

export const setPoolHandlers = ({ name, registry, tellings, onChange }: PoolParts): void => {
  setHandler(defineSignal<[unknown]>(POOL_SIGNAL.announce), (payload) => {
    const profile = readWorkerProfile(payload);
    if (profile.ok && registry.announce(profile.value, Date.now())) onChange();
  });
  setHandler(defineSignal<[unknown]>(POOL_SIGNAL.leave), (payload) => {
    const request = readLeave(payload);
    if (request.ok && registry.leave(request.value.worker, Date.now())) onChange();
  });
  setHandler(defineSignal<[unknown]>(POOL_SIGNAL.join), (payload) => {
    const request = readJoin(payload);
    if (request.ok) tellings.join(request.value.execution);
  });
  setHandler(defineQuery<PoolView>(POOL_QUERY.state), () => ({ name, workers: registry.views(), executions: tellings.size }));
};
