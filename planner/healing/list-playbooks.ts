/** The playbooks that there are: those of a plan, and the built-in ones that it does not replace. */
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { Playbook } from '../../model/healing.ts';
import { BUILT_IN_PLAYBOOKS } from './built-in.ts';

export interface ListedPlaybook {
  readonly playbook: Playbook;
  readonly origin: 'plan' | 'built-in';
  /** Breakers that have it run, by name: of the plan, or those that every execution has. */
  readonly breakers: readonly string[];
}

/** In the order of the plan, the built-in ones last. */
export const listPlaybooks = (plan?: Pick<StoredPlan, 'graph' | 'healing'>): readonly ListedPlaybook[] => {
  const own = plan?.healing?.playbooks ?? [];
  const breakers = plan?.graph.policies.breakers ?? DEFAULT_BREAKERS;
  const usedBy = (name: string): readonly string[] => breakers.flatMap((breaker) => (breaker.action.type === 'playbook' && breaker.action.playbook === name ? [breaker.name] : []));
  const replaced = new Set(own.map(({ name }) => name));
  return [
    ...own.map((playbook): ListedPlaybook => ({ playbook, origin: 'plan', breakers: usedBy(playbook.name) })),
    ...BUILT_IN_PLAYBOOKS.filter(({ name }) => !replaced.has(name)).map((playbook): ListedPlaybook => ({ playbook, origin: 'built-in', breakers: usedBy(playbook.name) })),
  ];
};
