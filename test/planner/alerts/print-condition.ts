/** A condition as plans write it: read again, it is the same. */
import { METRICS, metricText } from '../../../model/alert.ts';
import type { Condition, Operand } from '../../../model/alert.ts';

const isComparison = (condition: Condition): condition is Extract<Condition, { readonly left: Operand }> => 'left' in condition;

const operandText = (operand: Operand, other: Operand): string => {
  if ('metric' in operand) return metricText(operand);
  const isTime = 'metric' in other && METRICS[other.metric] === 'time';
  return isTime ? `${decimal(operand.value)} ms` : decimal(operand.value);
};

/** Without an exponent. */
const decimal = (value: number): string => (String(value).includes('e') ? value.toFixed(20).replace(/\.?0+$/u, '') : String(value));

export const printCondition = (condition: Condition): string => {
  const inner = (part: Condition): string => (isComparison(part) || part.op === 'not' ? printCondition(part) : `(${printCondition(part)})`);
  if (isComparison(condition)) return `${operandText(condition.left, condition.right)} ${condition.op} ${operandText(condition.right, condition.left)}`;
  if ('part' in condition) return `not ${isComparison(condition.part) ? `(${printCondition(condition.part)})` : inner(condition.part)}`;
  return condition.parts.map(inner).join(` ${condition.op} `);
};
