/** Imports of TypeScript and JavaScript: which names of which module. */
import type { SgNode } from '@ast-grep/napi';
import type { Collector } from './collector.ts';
import { argumentsOf, fieldText, literal, named } from './nodes.ts';

interface Importing {
  readonly into: Collector;
  readonly imported: Map<string, { readonly from: string; readonly name: string }>;
}

export const readImport = (node: SgNode, { into, imported }: Importing): void => {
  const from = literal(node.field('source'));
  if (from === undefined) return;
  const names: string[] = [];
  const take = (name: string, as: string): void => {
    names.push(name);
    imported.set(as, { from, name });
  };
  for (const clause of named(node).filter((child) => child.kind() === 'import_clause').flatMap(named)) {
    if (clause.kind() === 'identifier') take('default', clause.text());
    else if (clause.kind() === 'namespace_import') take('*', named(clause)[0]?.text() ?? '');
    else if (clause.kind() === 'named_imports') for (const one of named(clause)) take(fieldText(one, 'name'), fieldText(one, 'alias') || fieldText(one, 'name'));
  }
  into.use(from, names);
};

/** `export … from`. */
export const readReExport = (node: SgNode, from: string, into: Collector): void => {
  const clauses = named(node).filter((child) => child.kind() === 'export_clause');
  const namespace = named(node).find((child) => child.kind() === 'namespace_export');
  const specifiers = clauses.flatMap(named);
  for (const specifier of specifiers) into.exports({ as: fieldText(specifier, 'alias') || fieldText(specifier, 'name'), name: fieldText(specifier, 'name'), from });
  if (clauses.length === 0 && !namespace) into.exports({ as: '*', name: '*', from });
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
