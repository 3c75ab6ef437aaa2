/** Which tasks tell what is wrong: those that are labelled so, or have a smoke test. */
import type { GraphTask } from '../../model/graph.ts';

const LABELS: ReadonlySet<string> = new Set(['diagnostic', 'smoke']);

export const isDiagnostic = ({ diagnostic, labels = [] }: GraphTask): boolean => diagnostic === true || labels.some((label) => LABELS.has(label));
