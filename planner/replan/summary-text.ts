/** The summary of planning again, as text: a section of `Plan.md`, and lines for whoever watches. */
import { counted } from '../read/words.ts';
import { shorten } from '../wording/shorten.ts';
import { plain } from './requirement-text.ts';
import type { ChangeReason, ReplanSummary, RequirementChange, TaskChange } from './summary.ts';

const QUOTE = 200;
const MAX_LISTED = 200;

/** On one line, and nothing of it is Markdown. */
const said = (text: string): string => shorten(plain(text), QUOTE);
const escaped = (text: string): string => said(text).replace(/[\\`*_[\]<>|#~!&]/g, String.raw`\$&`);
const quoted = (change: { readonly quote: string } | undefined, clean: (text: string) => string): string => `"${clean(change?.quote ?? '')}"`;
const nameOf = ({ key, id }: RequirementChange): string => (key === undefined ? id : `${key} (${id})`);
const hours = (value: number): string => `${value} h`;

export const reasonText = (reason: ChangeReason): string => {
  switch (reason.kind) {
    case 'added':
      return `${nameOf(reason.requirement)} is new`;
    case 'removed':
      return `${nameOf(reason.requirement)} is gone`;
    case 'reworded':
      return `${nameOf(reason.requirement)} was reworded`;
    case 'moved':
      return `${nameOf(reason.requirement)} stands elsewhere`;
    case 'interface':
      return `nothing provides ${reason.interface} any more`;
    case 'scope':
      return 'the document leaves out something else';
    case 'covered':
      return `what it covered is covered by ${reason.tasks.join(', ')}`;
    case 'codebase':
      return 'the code base has something else to offer';
    default:
      throw new TypeError(`no such reason: ${JSON.stringify(reason satisfies never)}`);
  }
};

const reasonsText = ({ reasons, adapts }: TaskChange): string =>
  [...(adapts.length > 0 ? [`${adapts.join(', ')} ${adapts.length === 1 ? 'is' : 'are'} finished`] : []), ...reasons.slice(0, 5).map(reasonText), ...(reasons.length > 5 ? [`and ${reasons.length - 5} more`] : [])].join('; ');

const hoursText = ({ hours: { before, after } }: TaskChange): string => {
  if (before === undefined) return hours(after ?? 0);
  return after === undefined || after === before ? hours(before) : `${hours(before)} → ${hours(after)}`;
};

function* listed<T>(items: readonly T[], line: (item: T) => string): Generator<string> {
  for (const item of items.slice(0, MAX_LISTED)) yield `- ${line(item)}`;
  if (items.length > MAX_LISTED) yield `- and ${items.length - MAX_LISTED} more`;
}

/** A section of `Plan.md`; empty where nothing has changed. */
export const summaryMarkdown = (summary: ReplanSummary): string => {
  if (summary.isEmpty) return '';
  const { requirements, tasks, orphaned, hours: total, ids, dependencies } = summary;
  const place = (change: RequirementChange): string => (change.after?.section ? `, ${escaped(change.after.section)}` : '');
  const lines = [
    `## What changed since ${summary.from}`,
    '',
    `${counted(tasks.finished.length, 'task')} finished and untouched, ${tasks.kept.length} kept, ${tasks.changed.length} changed, ${tasks.added.length} new, ${tasks.dropped.length} dropped. ${ids.kept} of ${ids.of} ids are kept (${Math.round(ids.share * 100)} %). ${hours(total.leftBefore)} of work were left, now ${hours(total.leftAfter)}; ${hours(total.before)} in all before, now ${hours(total.after)}. ${counted(dependencies.added, 'dependency').replace(/ys$/, 'ies')} added, ${dependencies.removed} removed.`,
    '',
    '### Requirements',
    '',
    ...listed(requirements.added, (each) => `New: ${nameOf(each)}${place(each)}: ${quoted(each.after, escaped)}`),
    ...listed(requirements.reworded, (each) => `Reworded: ${nameOf(each)}${place(each)}: ${quoted(each.before, escaped)} → ${quoted(each.after, escaped)}`),
    ...listed(requirements.moved, (each) => `Moved: ${nameOf(each)}: from ${escaped(each.before?.section || 'the beginning')} to ${escaped(each.after?.section || 'the beginning')}: ${quoted(each.after, escaped)}`),
    ...listed(requirements.removed, (each) => `Gone: ${nameOf(each)}: ${quoted(each.before, escaped)}`),
    `- The same: ${requirements.same}`,
    '',
    '### Tasks',
    '',
    ...listed(tasks.added, (each) => `New: **${each.id}** ${escaped(each.title)} (${hoursText(each)}): ${escaped(reasonsText(each))}`),
    ...listed(tasks.changed, (each) => `Changed: **${each.id}** ${escaped(each.title)} (${hoursText(each)}): ${escaped(reasonsText(each))}`),
    ...listed(tasks.dropped, (each) => `Dropped: **${each.id}** ${escaped(each.title)} (${hoursText(each)}): ${escaped(reasonsText(each))}`),
    ...(tasks.kept.length > 0 ? [`- Kept: ${tasks.kept.join(', ')}`] : []),
    ...(tasks.finished.length > 0 ? [`- Finished: ${tasks.finished.join(', ')}`] : []),
  ];
  if (orphaned.length > 0) {
    lines.push('', '### Done, and not asked for any more', '');
    lines.push(...listed(orphaned, (each) => `**${each.id}** ${escaped(each.title)}: ${each.requirements.map((change) => `${nameOf(change)} ${quoted(change.before, escaped)}`).join('; ')} ${each.requirements.length === 1 ? 'is' : 'are'} gone${each.isWhole ? '' : '; other requirements of it stand'}`));
    lines.push('', 'Nothing is undone by planning again: `tasks rollback` undoes what an execution has done.');
  }
  return `${lines.join('\n')}\n`;
};

/** `Plan.md` with what has changed at its end. */
export const withSummary = (plan: string, summary: ReplanSummary | undefined): string => {
  const section = summary ? summaryMarkdown(summary) : '';
  return section === '' ? plan : `${plan.trimEnd()}\n\n${section}`;
};

/** A few facts for standard error. */
export const summaryLines = ({ requirements, tasks, hours: total, ids, isEmpty }: ReplanSummary): readonly string[] => {
  if (isEmpty) return ['The document asks for what it asked for: nothing changes'];
  return [
    `Requirements: ${requirements.same} the same, ${requirements.moved.length} moved, ${requirements.reworded.length} reworded, ${requirements.added.length} new, ${requirements.removed.length} gone`,
    `Tasks: ${tasks.finished.length} finished, ${tasks.kept.length} kept, ${tasks.changed.length} changed, ${tasks.added.length} new, ${tasks.dropped.length} dropped`,
    `Ids: ${ids.kept} of ${ids.of} kept`,
    `Work that is left: ${hours(total.leftBefore)} before, ${hours(total.leftAfter)} now`,
  ];
};

/** All of it, one change each, for people. */
export const summaryDetails = ({ requirements, tasks }: ReplanSummary): readonly string[] => [
  ...requirements.added.map((each) => `+ ${nameOf(each)} ${quoted(each.after, said)}`),
  ...requirements.reworded.map((each) => `~ ${nameOf(each)} ${quoted(each.before, said)} → ${quoted(each.after, said)}`),
  ...requirements.moved.map((each) => `> ${nameOf(each)} ${quoted(each.after, said)}: from ${each.before?.section || 'the beginning'} to ${each.after?.section || 'the beginning'}`),
  ...requirements.removed.map((each) => `- ${nameOf(each)} ${quoted(each.before, said)}`),
  ...tasks.added.map((each) => `+ ${each.id} ${each.title} (${hoursText(each)}): ${reasonsText(each)}`),
  ...tasks.changed.map((each) => `~ ${each.id} ${each.title} (${hoursText(each)}): ${reasonsText(each)}`),
  ...tasks.dropped.map((each) => `- ${each.id} ${each.title} (${hoursText(each)}): ${reasonsText(each)}`),
];

/** What somebody has to decide. */
export const orphanLines = ({ orphaned }: ReplanSummary): readonly string[] =>
  orphaned.map((each) => `${each.id} is done, and ${each.isWhole ? 'nothing of it is asked for any more' : 'part of it is not asked for any more'}: ${each.requirements.map((change) => `${nameOf(change)} ${quoted(change.before, said)}`).join('; ')}`);
