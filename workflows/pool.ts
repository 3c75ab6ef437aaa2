/**
 * The workflow of a queue's pool, `pool/<task queue>`: which workers live, and what they can do. Who lives is decided
 * by `resources/registry.ts`; here is only what Temporal must do for it: hear workers, tell the executions that have
 * joined when something of the table changes, and go on for ever.
 *
 * A worker that died without a word is known by one timer, set to when the first of them will not have been heard of
 * for too long. A pool that was ended starts anew with the next announcement, at most a minute later.
 */
import { allHandlersFinished, ApplicationFailure, condition, continueAsNew, setCurrentDetails, workflowInfo } from '@temporalio/workflow';
import { parsePoolWorkflowId } from '../model/ids.ts';
import { GATHER_MS } from '../model/pool.ts';
import { createRegistryState, Registry } from '../resources/registry.ts';
import { setPoolHandlers } from './pool/handlers.ts';
import { beginPoolRecord, poolSummary } from './pool/record.ts';
import type { PoolRecord } from './pool/record.ts';
import { Tellings } from './pool/tellings.ts';

export async function pool(carried?: PoolRecord): Promise<void> {
  const info = workflowInfo();
  const name = parsePoolWorkflowId(info.workflowId);
  if (name === undefined) throw ApplicationFailure.nonRetryable(`a pool's workflow id is pool/<task queue>, not ${info.workflowId}`, 'TASKS3011');
  const record = carried ?? beginPoolRecord(createRegistryState(info.startTime.getTime()));
  const registry = new Registry(record.registry);
  const tellings = new Tellings(registry, record);
  let isChanged = false;
  setPoolHandlers({
    name,
    registry,
    tellings,
    onChange: () => {
      isChanged = true;
    },
  });
  tellings.resume();

  const isEnding = (): boolean => workflowInfo().continueAsNewSuggested;
  const isAwoken = (): boolean => isChanged || isEnding();
  while (!isEnding()) {
    if (registry.expire(Date.now())) isChanged = true;
    if (isChanged) {
      if (await condition(isEnding, GATHER_MS)) break;
      isChanged = false;
      tellings.tellAll();
    }
    setCurrentDetails(poolSummary(registry));
    const { nextExpiry } = registry;
    if (nextExpiry === undefined) await condition(isAwoken);
    else await condition(isAwoken, Math.max(1, nextExpiry - Date.now()));
  }
  await condition(allHandlersFinished);
  await continueAsNew<typeof pool>({ schema: record.schema, registry: registry.state, ...tellings.snapshot({ all: isChanged }) });
}
