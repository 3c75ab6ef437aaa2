/** A written error policy to the ladder that an execution climbs. */
import { switchedTo } from '../../model/error-policy.schema.ts';
import type { ErrorPolicyFields, WrittenStrategy } from '../../model/error-policy.schema.ts';
import type { ErrorPolicy, Strategy } from '../../model/self-heal.ts';

/** Who reviews unless a strategy names somebody. */
export const REVIEWER = 'review';

/** Of a policy that names no strategies. */
const USUAL: readonly WrittenStrategy[] = ['rerun_same_tool', 'context_repair'];

const ESCALATION = { HUMAN_REVIEW: 'review', QUARANTINE: 'quarantine', FAIL: 'fail' } as const;

const strategyOf = (written: WrittenStrategy): Strategy => {
  if (typeof written !== 'string') return 'switch_tool_to' in written ? { type: 'switch', executor: written.switch_tool_to } : { type: 'review', executor: written.agent_review };
  const executor = switchedTo(written);
  if (executor !== undefined) return { type: 'switch', executor };
  if (written === 'context_repair') return { type: 'repair_context' };
  if (written === 'agent_review') return { type: 'review', executor: REVIEWER };
  return written === 'rerun_same_tool' ? { type: 'rerun' } : { type: 'split' };
};

/** Undefined where nothing is said. `self_heal_policy` by itself means the same as inside of `error_policy`, and wins. */
export const errorPolicyOf = ({ error_policy: outer, self_heal_policy: own }: ErrorPolicyFields): ErrorPolicy | undefined => {
  if (!outer && !own) return undefined;
  const written = own ?? outer?.self_heal_policy ?? {};
  const strategies = (written.retry_strategies ?? USUAL).map(strategyOf);
  const { escalation = 'HUMAN_REVIEW' } = written;
  return {
    strategies,
    maxTurns: written.max_attempts ?? strategies.length,
    escalation: ESCALATION[typeof escalation === 'string' ? escalation : escalation.on_fail],
  };
};
