/** Error policies and executors as a plan writes them: read again, they are the same. */
import type { PlanExecutor } from '../../model/executor.ts';
import type { WrittenErrorPolicy, WrittenExecutors, WrittenStrategy } from '../../model/error-policy.schema.ts';
import type { ErrorPolicy, Strategy } from '../../model/self-heal.ts';
import { present } from '../read/optional.ts';

const writeStrategy = (strategy: Strategy): WrittenStrategy => {
  switch (strategy.type) {
    case 'rerun':
      return 'rerun_same_tool';
    case 'switch':
      return { switch_tool_to: strategy.executor };
    case 'repair_context':
      return 'context_repair';
    case 'review':
      return { agent_review: strategy.executor };
    case 'split':
    default:
      return 'split_task';
  }
};

const ON_FAIL = { review: 'HUMAN_REVIEW', quarantine: 'QUARANTINE', fail: 'FAIL' } as const;

export const writeErrorPolicy = ({ strategies, maxTurns, escalation }: ErrorPolicy): WrittenErrorPolicy => ({
  self_heal_policy: { max_attempts: maxTurns, retry_strategies: strategies.map(writeStrategy), escalation: ON_FAIL[escalation] },
});

export const writeExecutors = (executors: readonly PlanExecutor[]): WrittenExecutors =>
  Object.fromEntries(executors.map(({ name, command, environment, secrets }) => [name, present({ command, env: environment && { ...environment }, secrets: secrets && [...secrets] })]));
