/** Playbooks for people, and as data. */
import type { GraphTask, TaskSpec } from '../../../model/graph.ts';
import type { PlaybookStep } from '../../../model/healing.ts';
import type { ListedPlaybook } from '../../../planner/healing/list-playbooks.ts';
import { oneLine, style, truncate } from '../markup.ts';
import { estimate } from '../time-text.ts';

/** As a repair is tried unless its step says otherwise. */
const RETRIES = 1;

export const playbookView = ({ playbook: { name, description, variables, steps }, origin, breakers }: ListedPlaybook) => ({
  name,
  origin,
  ...(description !== undefined && { description }),
  variables,
  steps: steps.map(stepView),
  breakers,
});

const stepView = ({ name, command, directory, timeoutMs, retries = RETRIES, onFailure = 'stop', eachWorkspace = false }: PlaybookStep) => ({
  name,
  command,
  ...(directory !== undefined && { directory }),
  ...(timeoutMs !== undefined && { timeoutSeconds: timeoutMs / 1_000 }),
  retries,
  onFailure,
  eachWorkspace,
});

export interface PlaybookTextOptions {
  /** Columns; 0 cuts nothing. */
  readonly width: number;
}

export const playbooksText = (playbooks: readonly ListedPlaybook[], { width }: PlaybookTextOptions): string => playbooks.flatMap(linesOf).map(fitting(width)).join('\n');

const fitting =
  (width: number) =>
  (line: string): string =>
    width > 0 ? truncate(line, width) : line;

const linesOf = ({ playbook: { name, description, variables, steps }, origin, breakers }: ListedPlaybook): readonly string[] => {
  const values = Object.entries(variables);
  return [
    `${style('bold', name)}  ${style('dim', origin === 'plan' ? "the plan's own" : 'built in')}`,
    ...(description === undefined ? [] : [`  ${oneLine(description)}`]),
    ...(values.length > 0 ? [`  variables: ${values.map(([variable, value]) => `${variable}=${oneLine(value)}`).join(', ')}`] : []),
    `  used by: ${breakers.length > 0 ? breakers.map(oneLine).join(', ') : 'no breaker'}`,
    ...steps.flatMap((step, at) => stepLines(step, at + 1)),
  ];
};

const stepLines = ({ name, command, directory, timeoutMs, retries, onFailure, eachWorkspace }: PlaybookStep, number: number): readonly string[] => {
  const about = [
    ...(directory === undefined ? [] : [`in ${oneLine(directory)}`]),
    ...(timeoutMs === undefined ? [] : [`at most ${estimate(timeoutMs)}`]),
    ...(retries === undefined ? [] : [`${retries} retries`]),
    ...(onFailure === 'continue' ? ['may fail'] : []),
    ...(eachWorkspace ? ['for each workspace'] : []),
  ];
  return [`  ${number}. ${name === String(number) ? '' : `${name}: `}${oneLine(command)}${about.length > 0 ? style('dim', `  (${about.join(', ')})`) : ''}`];
};

export interface RunStep {
  readonly id: string;
  readonly command: string;
  readonly directory?: string;
  readonly timeoutSeconds?: number;
  readonly attempts: number;
  /** A failure decides nothing. */
  readonly mayFail: boolean;
  readonly environment: Readonly<Record<string, string>>;
}

export const runStep = ({ id, timeoutMs, retry, repairs }: GraphTask, spec: TaskSpec | undefined): RunStep => ({
  id,
  command: spec?.command ?? '',
  ...(spec?.directory !== undefined && { directory: spec.directory }),
  ...(timeoutMs !== undefined && { timeoutSeconds: timeoutMs / 1_000 }),
  attempts: retry?.maxAttempts ?? RETRIES + 1,
  mayFail: repairs !== undefined,
  environment: spec?.environment ?? {},
});

export const playbookRunText = ({ playbook, workspace, steps }: { readonly playbook: string; readonly workspace?: string | undefined; readonly steps: readonly RunStep[] }, { width }: PlaybookTextOptions): string =>
  [
    `${style('bold', oneLine(playbook))}: ${steps.length === 1 ? '1 step' : `${steps.length} steps, one after the other`}`,
    ...(workspace === undefined ? [] : [`Workspace: ${oneLine(workspace)}`]),
    '',
    ...steps.flatMap(runLines),
    '',
    'Nothing was started.',
  ]
    .map(fitting(width))
    .join('\n');

/** Values that say nothing are left out. */
const runLines = ({ id, command, directory, timeoutSeconds, attempts, mayFail, environment }: RunStep, at: number): readonly string[] => {
  const about = [
    ...(directory === undefined ? [] : [`in ${oneLine(directory)}`]),
    ...(timeoutSeconds === undefined ? [] : [`at most ${estimate(timeoutSeconds * 1_000)}`]),
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    ...(mayFail ? ['may fail'] : []),
  ];
  const told = Object.entries(environment).filter(([, value]) => value !== '');
  return [
    `${at + 1}. ${style('bold', id)}${style('dim', `  ${about.join(', ')}`)}`,
    `   ${oneLine(command)}`,
    ...(told.length > 0 ? [style('dim', `   with ${told.map(([name, value]) => `${name}=${oneLine(value)}`).join(', ')}`)] : []),
  ];
};
