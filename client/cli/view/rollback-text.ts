/** What a rollback will do, and what one has done, for people. */
import type { LeftTask, RollbackOutcome, RollbackOutline, RollbackStep, RollbackSummary, TreeState } from '../../../model/rollback.ts';
import { targetText } from '../../../model/rollback.ts';
import { oneLine, pad, style, truncate, widthOf } from '../markup.ts';
import { counted } from './counts-text.ts';

const SHOWN = 40;
const LEFT_SHOWN = 20;
const NOT_UNDONE_SHOWN = 10;
const PATHS_SHOWN = 5;

const WHY: Readonly<Record<LeftTask['why'], string>> = { idempotent: 'idempotent', undeclared: 'says nothing that must be undone' };

/** The steps in their order; those with the same number may be done at once. */
export const outlineText = ({ of, target, steps, left }: RollbackOutline, options: { readonly width: number; readonly verbose: boolean }): string => {
  const fit = (line: string): string => (options.width > 0 ? truncate(line, options.width) : line);
  const shown = options.verbose ? steps : steps.slice(0, SHOWN);
  const column = Math.min(40, Math.max(0, ...shown.map(({ task }) => widthOf(task))));
  const byHand = steps.filter(({ how }) => how === 'hand').length;
  return [
    `${style('bold', `Rollback of ${of}`)}: ${oneLine(targetText(target))}`,
    `${counted(steps.length, 'task', 'tasks')} to undo${byHand > 0 ? style('yellow', `, ${byHand} of them by hand`) : ''}`,
    ...shown.map((step) => fit(`  ${String(step.depth + 1).padStart(3)}  ${pad(step.task, column)}  ${stepText(step)}`)),
    ...more(steps.length - shown.length, '--verbose shows all'),
    ...leftLines(left, options.verbose).map(fit),
  ].join('\n');
};

const stepText = ({ how, command, reason }: RollbackStep): string => (how === 'hand' ? style('yellow', `by hand: ${oneLine(reason ?? '')}`) : oneLine(command ?? ''));

const leftLines = (left: readonly LeftTask[], verbose: boolean): readonly string[] => {
  if (left.length === 0) return [];
  const shown = verbose ? left : left.slice(0, LEFT_SHOWN);
  return ['Left as they are:', ...shown.map(({ task, why }) => `  ${task}: ${WHY[why]}`), ...more(left.length - shown.length, '--verbose shows all')];
};

const more = (hidden: number, how: string): readonly string[] => (hidden > 0 ? [`  … and ${hidden} more${how === '' ? '' : `; ${how}`}`] : []);

/** Lines of the summary of a rollback that has ended. */
export const undoneLines = ({ of, undone, notUndone, notUndoneTotal, leftTotal, tree }: RollbackSummary): readonly string[] => [
  `  - Rolled back ${of}: ${undone} undone${notUndoneTotal > 0 ? style('yellow', `, ${notUndoneTotal} not undone`) : ''}${leftTotal > 0 ? `, ${leftTotal} left as they are` : ''}`,
  ...notUndone.slice(0, NOT_UNDONE_SHOWN).map(({ task, reason }) => `      ${task}: ${oneLine(reason)}`),
  ...more(notUndoneTotal - Math.min(NOT_UNDONE_SHOWN, notUndone.length), '').map((line) => `    ${line}`),
  ...treeLines(tree),
];

const treeLines = (tree: TreeState | undefined): readonly string[] => {
  if (tree?.head === undefined) return [];
  const { head, changed = [], changedTotal = 0 } = tree;
  if (changedTotal === 0) return [`  - Workspace: at ${head.slice(0, 12)}, nothing changed`];
  return [
    `  - Workspace: at ${head.slice(0, 12)}, ${counted(changedTotal, 'path differs', 'paths differ')}`,
    ...changed.slice(0, PATHS_SHOWN).map((line) => `      ${oneLine(line)}`),
    ...more(changedTotal - Math.min(PATHS_SHOWN, changed.length), 'git status').map((line) => `    ${line}`),
  ];
};

/** What a rollback has made of an execution, on one line. */
export const outcomeText = ({ rollback, outcome, undone, notUndone }: RollbackOutcome): string =>
  `rolled back by ${rollback} (${outcome}): ${undone} undone${notUndone > 0 ? style('yellow', `, ${notUndone} not undone`) : ''}`;
