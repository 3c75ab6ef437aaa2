/** What there is to do, as text for a program that takes a prompt. */
import type { AttemptFailure } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';

/** The last attempt of the task that failed. */
export interface PreviousFailure extends Pick<AttemptFailure, 'reason' | 'class' | 'kind' | 'message'> {
  readonly attempt: number;
  /** Redacted end of its output. */
  readonly tail: string;
  readonly log?: string;
}

export interface PromptParts {
  readonly spec: TaskSpec;
  readonly previous: PreviousFailure | undefined;
  /** What was found of the workspace. */
  readonly findings: readonly string[];
  /** Where the answer goes, when one is asked for. */
  readonly answer: string | undefined;
}

const section = (heading: string, text: string | undefined): readonly string[] => (text === undefined || text.trim() === '' ? [] : [`## ${heading}`, '', text.trimEnd(), '']);
const list = (items: readonly string[] | undefined): string | undefined => items?.map((item) => `- ${item}`).join('\n');
/** A fence that the text itself does not close. */
const fenced = (text: string): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.trimEnd()}\n${fence}`;
};

const failureText = ({ attempt, reason, class: of, kind, message, tail, log }: PreviousFailure): string =>
  [`Attempt ${attempt} failed (${reason}, ${of}${kind === undefined ? '' : `, ${kind}`}): ${message}`, ...(tail.trim() === '' ? [] : ['', 'The end of its output:', '', fenced(tail)]), ...(log === undefined ? [] : ['', `Its log: ${log}`])].join('\n');

const checksText = ({ checks = [] }: TaskSpec): string | undefined => (checks.length > 0 ? fenced(JSON.stringify(checks, undefined, 2)) : undefined);

/** What a program must know that has never seen a hot update; the whole is `tasks patch --schema`. */
const HOT_UPDATE = [
  { op: 'inject_task', task: { id: 'FIX', cmd: 'npm install left-pad', deps: [] }, reason: 'a package is missing' },
  { op: 'add_edge', edges: [{ from: 'FIX', to: 'BUILD', type: 'hard' }] },
  { op: 'update_task', task: 'BUILD', changes: { cmd: 'npm run build' } },
  { op: 'remove_edge', edges: [{ from: 'A', to: 'B' }] },
  { op: 'cancel_task', tasks: ['OLD'] },
];

const answerText = (path: string): string =>
  [
    `If the plan must change, write a hot update (JSON: one operation, or a list of them) to the file ${path}, whose path is in $TASKS_PATCH_FILE.`,
    'Nothing written is no change. It is applied when you end with exit code 0; these are operations, each of which may have an "id" and a "reason":',
    '',
    fenced(HOT_UPDATE.map((each) => JSON.stringify(each)).join('\n')),
  ].join('\n');

export const promptText = ({ spec, previous, findings, answer }: PromptParts): string =>
  [
    `# ${spec.id}${spec.title === undefined ? '' : `: ${spec.title}`}`,
    '',
    ...section('What to do', spec.description),
    ...section('Its command', spec.command && fenced(spec.command)),
    ...section('It leaves behind', list(spec.artifacts)),
    ...section('It is done when this passes', spec.smoke && fenced(spec.smoke)),
    ...section('And these checks', checksText(spec)),
    ...section('What went wrong before', previous && failureText(previous)),
    ...section('The workspace', list(findings)),
    ...Object.entries(spec.briefing ?? {}).flatMap(([variable, text]) => section(`$${variable}`, fenced(text))),
    ...section('The answer', answer === undefined ? undefined : answerText(answer)),
  ].join('\n');
