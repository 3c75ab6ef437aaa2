/** Adds dependencies to the text of a package.json; everything else in it stays as it stands. */
import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import type { Node } from 'jsonc-parser';
import type { Section } from '../npm/manifest.ts';

export interface Addition {
  readonly section: Section;
  readonly name: string;
  readonly range: string;
}

const BOM = '\uFEFF';

/** The text is a valid manifest, and none of its sections has any of the names. */
export const addDependencies = (source: string, additions: readonly Addition[]): string => {
  const mark = source.startsWith(BOM) ? BOM : '';
  return mark + additions.reduce(addDependency, source.slice(mark.length));
};

const addDependency = (text: string, addition: Addition): string => {
  const tree = parseTree(text);
  const section = tree && findNodeAtLocation(tree, [addition.section]);
  const properties = (section?.children ?? []).flatMap(({ children: [key, value] = [], offset, length }) => (key && value ? [{ key, value, start: offset, end: offset + length }] : []));
  return properties.length > 0 ? addBeside(text, properties, addition) : addFirst(text, addition);
};

interface Property {
  readonly key: Node;
  readonly value: Node;
  readonly start: number;
  readonly end: number;
}

/** Set out as its neighbours are. */
const addBeside = (text: string, properties: readonly Property[], { name, range }: Addition): string => {
  const at = positionOf(name, properties.map(({ key }) => String(key.value)));
  const next = properties[at];
  const beside = next ?? properties.at(-1);
  if (!beside) return text;
  const before = text.slice(0, beside.start);
  const gap = before.slice(before.trimEnd().length);
  const colon = text.slice(beside.key.offset + beside.key.length, beside.value.offset);
  const property = JSON.stringify(name) + colon + JSON.stringify(range);
  return next ? `${text.slice(0, next.start)}${property},${gap}${text.slice(next.start)}` : `${text.slice(0, beside.end)},${gap}${property}${text.slice(beside.end)}`;
};

/** A section of its own; a manifest of one line stays one. */
const addFirst = (text: string, { section, name, range }: Addition): string => {
  const options = text.trim().includes('\n') ? { formattingOptions: formatOf(text) } : {};
  return applyEdits(text, modify(text, [section, name], range, options));
};

/** Among sorted names at its place, else at the end. */
const positionOf = (name: string, names: readonly string[]): number => {
  const isSorted = names.every((one, at) => at === 0 || compare(names[at - 1] ?? '', one) <= 0);
  const next = isSorted ? names.findIndex((one) => compare(one, name) > 0) : -1;
  return next === -1 ? names.length : next;
};

/** As npm sorts them. */
const compare = (a: string, b: string): number => a.localeCompare(b, 'en');

const formatOf = (text: string): { readonly insertSpaces: boolean; readonly tabSize: number; readonly eol: string } => {
  const indent = /\n([ \t]+)\S/.exec(text)?.[1] ?? '  ';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol: text.includes('\r\n') ? '\r\n' : '\n' };
};
