/** Whether a condition holds. What is not known makes it neither true nor false, unless the rest decides it (Kleene). */
import type { Comparison, Condition, Metric, Operand } from '../../model/alert.ts';

export type Reading = (metric: Metric) => number | undefined;

const COMPARE: Readonly<Record<Comparison, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

export const holds = (condition: Condition, reading: Reading): boolean | undefined => {
  if ('parts' in condition) {
    const decides = condition.op === 'or';
    const parts = condition.parts.map((part) => holds(part, reading));
    if (parts.includes(decides)) return decides;
    return parts.includes(undefined) ? undefined : !decides;
  }
  if ('part' in condition) {
    const part = holds(condition.part, reading);
    return part === undefined ? undefined : !part;
  }
  const value = (operand: Operand): number | undefined => ('metric' in operand ? reading(operand) : operand.value);
  const [left, right] = [value(condition.left), value(condition.right)];
  return left === undefined || right === undefined ? undefined : COMPARE[condition.op](left, right);
};
