/** What the code base has that the plan builds on, what it lacks, and what tasks must take turns at. */
import type { Language } from '../../codebase/analysis.ts';
import { buildsOn, components, interfaceName, interfaces } from '../facts/reuse.ts';
import type { Component, Produced } from '../facts/reuse.ts';
import { patterns } from '../facts/patterns.ts';
import { costOf } from '../facts/shared.ts';
import type { Shared } from '../facts/shared.ts';
import type { View } from '../facts/view.ts';
import { bounded, joined, named } from '../lists.ts';
import type { Block, Inline, Line } from '../markdown/nodes.ts';
import { bullets, code, heading, paragraph, strong, text } from '../markdown/nodes.ts';
import { agrees, counted, hours, percent, ratio } from '../numbers.ts';

const ids = (list: readonly string[]): readonly Inline[] => named(list, text);

const place = ({ symbolOf }: View, name: string): readonly Inline[] => {
  const symbol = symbolOf.get(interfaceName(name));
  return symbol ? [' (', code(`${symbol.file}:${symbol.line}`), ')'] : [];
};

const leveraged = (view: View, { name, extendedBy, importedBy }: Component): Line => [
  strong(name),
  ...place(view, name),
  ': ',
  ...(extendedBy.length > 0 ? ['extended by ', ...ids(extendedBy)] : []),
  ...(extendedBy.length > 0 && importedBy.length > 0 ? ['; '] : []),
  ...(importedBy.length > 0 ? ['used by ', ...ids(importedBy)] : []),
];

const existing = (view: View): readonly Block[] => {
  const { tasks } = view.tasks;
  const all = components(tasks);
  const building = tasks.filter((task) => buildsOn(task).length > 0).length;
  const share = ratio(building, tasks.length);
  return [
    heading(3, `Existing Components Leveraged${share === undefined ? '' : ` (${percent(share)} of tasks build on existing code)`}`),
    all.length === 0 ? paragraph('No task extends or imports anything that is there.') : bullets(bounded(all, { one: 'component' }, (each) => leveraged(view, each))),
  ];
};

/** Why what a feature needs is new: what was found, and how alike it is. */
const whyNew = (view: View, { by }: Produced): string | undefined => {
  const choice = view.reuse.find(({ chosen, tasks }) => chosen === 'build' && tasks.some((id) => by.includes(id)));
  return choice?.reason;
};

const produced = (view: View, one: Produced): Line => {
  const why = whyNew(view, one);
  return [
    strong(one.name),
    ': built by ',
    ...ids(one.by),
    ...(one.consumedBy.length > 0 ? [', needed by ', ...ids(one.consumedBy)] : ['; no task of this plan consumes it']),
    ...(why === undefined ? [] : ['. ', text(why)]),
  ];
};

const newInterfaces = (view: View): readonly Block[] => {
  const all = interfaces(view.tasks.tasks).filter(({ name }) => !view.symbolOf.has(interfaceName(name)));
  return [heading(3, 'New Interfaces Required'), all.length === 0 ? paragraph('None: no task produces an interface that is not there yet.') : bullets(bounded(all, { one: 'interface' }, (each) => produced(view, each)))];
};

const architecture = ({ codebase, tasks: { tasks } }: View): readonly Block[] => {
  const found = patterns(codebase.symbols);
  if (found.length === 0) return [];
  return [
    heading(3, 'Architecture Patterns Identified'),
    paragraph('By the names of classes and interfaces.'),
    bullets(
      found.map(({ name, purpose, symbols }): Line => {
        const users = tasks.filter((task) => buildsOn(task).some((each) => symbols.includes(each))).length;
        return [`${name} for ${purpose}: `, ...named(symbols, code, 4), users === 0 ? '; no task builds on one of them' : `; ${counted(users, 'task')} ${agrees(users, 'builds', 'build')} on ${agrees(symbols.length, 'it', 'one of them')}`];
      }),
    ),
  ];
};

const constraint = (one: Shared): Line => {
  const { name, resource, capacity, units } = one;
  const cost = costOf(one);
  const turns = resource.type === 'exclusive' ? `${counted(units.size, 'task')} ${agrees(units.size, 'needs', 'need')} exclusive access` : `${counted(units.size, 'task')} ${agrees(units.size, 'shares', 'share')} ${counted(capacity, 'unit')}`;
  return {
    line: [strong(name), ' (', code(resource.location), '): ', turns, cost > 0 ? `, which adds ${hours(cost)}` : ', at no cost in time', ': ', ...named([...units.keys()], text)],
    below: [[text(resource.reason), ...(resource.constraint === undefined ? [] : [' (', code(resource.constraint), ')'])]],
  };
};

const constraints = ({ shared, tasks }: View): readonly Block[] => {
  const all = Object.keys(tasks.meta.codebase_analysis.shared_resources);
  const idle = all.filter((name) => !shared.some((each) => each.name === name));
  return [
    heading(3, 'Shared Resources Creating Constraints'),
    ...(shared.length === 0 ? [paragraph('None: no task needs a resource that another one could hold.')] : [bullets(bounded(shared, { one: 'resource' }, constraint))]),
    ...(idle.length > 0 ? [paragraph(['Found, and needed by no task: ', ...named(idle), '.'])] : []),
  ];
};

const LANGUAGES: Readonly<Record<Language, string>> = { typescript: 'TypeScript', tsx: 'TSX', javascript: 'JavaScript', python: 'Python', go: 'Go', java: 'Java', rust: 'Rust', ruby: 'Ruby', html: 'HTML', css: 'CSS' };

const scanned = ({ codebase }: View): Block => {
  if (codebase.files.length === 0) return paragraph('There is no code base to build on: everything is new.');
  const languages = codebase.languages.slice(0, 5).map(({ language, files }) => `${LANGUAGES[language]} (${files})`);
  return paragraph([
    `${counted(codebase.files.length, 'file')} and ${counted(codebase.symbols.length, 'symbol')} were looked at`,
    ...(languages.length > 0 ? [': ', ...joined(languages)] : []),
    codebase.unparsed.length > 0 ? `. ${counted(codebase.unparsed.length, 'file')} could not be parsed.` : '.',
  ]);
};

export const codebaseSection = (view: View): readonly Block[] => [heading(2, 'Codebase Analysis Results'), scanned(view), ...existing(view), ...newInterfaces(view), ...architecture(view), ...constraints(view)];
