/** Imports of TypeScript and JavaScript: which names of which module. */
import type { SgNode } from '@ast-grep/napi';
import type { Collector } from './collector.ts';
import { argumentsOf, fieldText, literal, named } from './nodes.ts';

interface Importing {
  readonly into: Collector;
  readonly imported: Map<string, { readonly from: string; readonly name: string }>;
}

/** A statement is one text: asking the parser for each of its parts takes longer than reading it has. */
const MAX_STATEMENT = 20_000;
/** Not the slashes of an address. */
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|[\s,{};])\/\/[^\n]*/g;
const NAMES = /\{([^{}]*)\}/;

interface Name {
  readonly name: string;
  readonly as: string;
}

/** `a, type b as c` between braces. */
const namesIn = (text: string): readonly Name[] =>
  (NAMES.exec(text)?.[1] ?? '').split(',').flatMap((part) => {
    const words = part.trim().split(/\s+/);
    // A name may be `type`, and what only types need says so before it.
    if (words[0] === 'type' && words.length > 1 && words[1] !== 'as') words.shift();
    const [name = '', as, alias] = words;
    return name === '' ? [] : [{ name, as: as === 'as' && alias !== undefined ? alias : name }];
  });

/** What stands before `from`, without comments, and what behind it. */
const partsOf = (node: SgNode): { readonly clause: string; readonly from: string | undefined } => {
  const text = node.text();
  if (text.length > MAX_STATEMENT) return { clause: '', from: undefined };
  const plain = text.includes('/*') || text.includes('//') ? text.replaceAll(COMMENT, ' ') : text;
  const [, clause = '', from] = /^([\s\S]*?)(?:\bfrom|^import)\s*['"]([^'"\n]*)['"]/.exec(plain) ?? [];
  return { clause, from };
};

export const readImport = (node: SgNode, { into, imported }: Importing): void => {
  const { clause, from } = partsOf(node);
  if (from === undefined) return;
  const [, main] = /^import\s+(?:type\s+(?=[\w$]))?([\w$]+)\s*(?:,|$)/.exec(clause) ?? [];
  const [, namespace] = /\*\s*as\s+([\w$]+)/.exec(clause) ?? [];
  const names = [...(main === undefined ? [] : [{ name: 'default', as: main }]), ...(namespace === undefined ? [] : [{ name: '*', as: namespace }]), ...namesIn(clause)];
  for (const { name, as } of names) imported.set(as, { from, name });
  into.use(from, names.map(({ name }) => name));
};

/** `export … from`. */
export const readReExport = (node: SgNode, into: Collector): void => {
  const { clause, from } = partsOf(node);
  if (from === undefined) return;
  if (/^export\s+(?:type\s+)?\*\s*$/.test(clause)) into.exports({ as: '*', name: '*', from });
  for (const { name, as } of namesIn(clause)) into.exports({ as, name, from });
  // That it is handed on is no use of it.
  into.use(from, []);
};

/** `require('./a')` and `import('./a')`, with the names that are taken out of what they give. */
export const readRequire = (node: SgNode, into: Collector): void => {
  const called = node.field('function');
  if (called?.kind() !== 'import' && (called?.kind() !== 'identifier' || called.text() !== 'require')) return;
  const from = literal(argumentsOf(node)[0]);
  if (from !== undefined) into.use(from, takenNames(node));
};

const takenNames = (call: SgNode): readonly string[] => {
  let around = call.parent();
  while (around?.kind() === 'await_expression' || around?.kind() === 'parenthesized_expression') around = around.parent();
  if (around?.kind() === 'member_expression') return [fieldText(around, 'property')];
  const pattern = around?.kind() === 'variable_declarator' ? around.field('name') : undefined;
  if (pattern?.kind() === 'identifier') return ['default'];
  if (pattern?.kind() !== 'object_pattern') return [];
  return named(pattern).flatMap((entry) => {
    if (entry.kind() === 'shorthand_property_identifier_pattern') return [entry.text()];
    return entry.kind() === 'pair_pattern' ? [fieldText(entry, 'key')] : [];
  });
};
