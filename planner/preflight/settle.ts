/** Suggestions that can all be taken together: no edge closes a cycle, none says what the graph says already. */
import { BitSet } from '../../scheduler/graph/ancestors.ts';
import { GrowingOrder } from '../../scheduler/graph/growing-order.ts';
import type { Finding, SuggestedEdge, Suggestion } from './finding.ts';
import type { Survey } from './survey.ts';

const CYCLE = 'What would mend it closes a cycle with other dependencies: the plan contradicts itself here.';

/** Certain ones come first, and so have their edges first; within each the order of the plan. */
export const settled = (findings: readonly Finding[], { plan }: Pick<Survey, 'plan'>): readonly Finding[] => {
  const injected = findings.flatMap(({ suggestion = [] }) => suggestion.flatMap((one) => (one.op === 'inject_task' ? [one.task.id] : [])));
  const at = new Map([...plan.graph.tasks.map(({ id }) => id), ...injected].map((id, index) => [id, index]));
  const preds = [...at.keys()].map((_, index) => [...(plan.graph.tasks[index]?.deps ?? []), ...(plan.graph.tasks[index]?.soft ?? [])]);
  const order = new GrowingOrder(preds);
  const hard = plan.graph.tasks.map(({ deps = [] }) => BitSet.ofSize(at.size, deps));
  const takes = ({ from, to, type }: SuggestedEdge): boolean => {
    const [before, after] = [at.get(from), at.get(to)];
    if (before === undefined || after === undefined) return false;
    if (hard[after]?.has(before) === true || (type === 'soft' && preds[after]?.includes(before) === true)) return false;
    return order.add({ from: before, to: after });
  };
  const settle = (finding: Finding): Finding => {
    const { suggestion, ...bare } = finding;
    if (!suggestion) return finding;
    const left = suggestion.flatMap((one): Suggestion[] => {
      const edges = one.edges.filter(takes);
      return one.op === 'add_edge' && edges.length === 0 ? [] : [{ ...one, edges }];
    });
    return left.length > 0 ? { ...bare, suggestion: left } : { ...bare, hint: bare.hint ?? CYCLE };
  };
  const byCertainty = findings.toSorted((a, b) => Number(b.certainty === 'certain') - Number(a.certainty === 'certain'));
  return byCertainty.map(settle);
};
