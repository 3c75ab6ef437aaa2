/** What a validation found, for people. */
import type { Finding } from '../../../planner/validate/finding.ts';
import type { PlanMetrics } from '../../../planner/validate/metrics.ts';
import type { Validation } from '../../../planner/validate/validate-plan.ts';
import { oneLine, style } from '../markup.ts';
import { problemsText } from '../problem-text.ts';
import { counted } from './counts-text.ts';

/** The pointer tells elements of a long line apart, and is what a program that mends the plan needs. */
const withPointer = (finding: Finding): Finding => (finding.pointer ? { ...finding, message: `${finding.message} (${finding.pointer})` } : finding);

const percent = (share: number): string => `${Math.round(share * 100)} %`;

export const metricsText = (metrics: PlanMetrics): string =>
  [
    `${counted(metrics.features, 'feature', 'features')}, ${counted(metrics.tasks, 'task', 'tasks')}, ${counted(metrics.dependencies, 'dependency', 'dependencies')}`,
    `edge density ${metrics.edgeDensity.toFixed(3)} (${metrics.edgeDensityBeforeReduction.toFixed(3)} before the reduction)`,
    `verb first ${percent(metrics.verbFirst)}, evidence ${percent(metrics.evidence)}, estimated ${percent(metrics.estimated)}, 2 to 8 hours ${percent(metrics.wellSized)}`,
    `reuse of the code base ${percent(metrics.reuse)}${metrics.normativeCovered === undefined ? '' : `, binding requirements covered ${percent(metrics.normativeCovered)}`}`,
  ]
    .map((line) => style('dim', `  ${line}`))
    .join('\n');

export const validationText = ({ findings, isValid, metrics, name, isDirectory, format }: Validation): string => {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  const blocks = ([['error', errors], ['warning', warnings]] as const).filter(([, list]) => list.length > 0).map(([kind, list]) => problemsText({ problems: list.map(withPointer), kind }));
  const counts = findings.length === 0 ? 'nothing was found' : [errors.length > 0 ? counted(errors.length, 'error', 'errors') : '', warnings.length > 0 ? counted(warnings.length, 'warning', 'warnings') : ''].filter((part) => part !== '').join(', ');
  const held = isDirectory ? 'T.A.S.K.S. v3' : `${format ?? 'plan'}, its structure${format === 'phase' || format === 'flowops' ? ' and the guardrails of phase plans' : ''}`;
  const verdict = `${style('bold', oneLine(name ?? 'the plan'))} is ${isValid ? style('green', 'valid') : style('red', 'not valid')} (${held}): ${counts}`;
  return [...blocks, verdict, ...(metrics ? [metricsText(metrics)] : [])].join('\n');
};
