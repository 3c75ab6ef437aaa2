/** What a TypeScript or JavaScript file declares, exports and imports. */
import type { SgNode } from '@ast-grep/napi';
import type { SymbolKind } from '../analysis.ts';
import { Collector } from './collector.ts';
import { readImport, readReExport, readRequire } from './javascript-imports.ts';
import { decoratedEndpoints, routeEndpoint } from './javascript-routes.ts';
import { readSettings } from './javascript-settings.ts';
import { fieldText, lastNames, literal, nameOf, named, ofKinds, shortText } from './nodes.ts';
import type { Wanted } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const KINDS: ReadonlyMap<string, SymbolKind> = new Map([
  ['class_declaration', 'class'],
  ['abstract_class_declaration', 'abstract_class'],
  ['interface_declaration', 'interface'],
  ['type_alias_declaration', 'type'],
  ['enum_declaration', 'type'],
  ['function_declaration', 'function'],
  ['generator_function_declaration', 'function'],
  ['function_signature', 'function'],
]);
const VARIABLES = new Set(['lexical_declaration', 'variable_declaration']);
const FUNCTIONS = new Set(['arrow_function', 'function_expression', 'generator_function', 'function']);

/** Nodes below the top are looked for only where the text may have them: that walk is half of the time. */
const CALLS = /\.\s*(?:get|post|put|patch|delete|head|options|all)\s*(?:<[^<>()]{0,100}>\s*)?\(\s*['"`][/*]|\.\s*route\s*\(|\brequire\s*\(|\bimport\s*\(|\bDeno\.env\b/;
const DECORATORS = /@(?:Get|Post|Put|Patch|Delete|Head|Options|All)\s*\(/;
const ENVIRONMENT = /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\b|\bBun\.env\b|\bDeno\.env\b/;
/** `process.env.NAME`, `import.meta.env['NAME']`. */
const ENVIRONMENTS: readonly Wanted[] = ['member_expression', 'subscript_expression'].map((kind) => ({ kind, has: { field: 'object', kind: 'member_expression', has: { field: 'property', kind: 'property_identifier', regex: '^env$' } } }));
const EXPORTS = /\bexports\b/;
const SETTINGS = /\b(?:maxWorkers|maxForks|maxThreads|workers|pool)['"]?\s*:/;

interface File {
  readonly into: Collector;
  /** Names that an export names which stands apart from them. */
  readonly exported: Set<string>;
  /** Names that were imported, and from where: for those that are exported again. */
  readonly imported: Map<string, { readonly from: string; readonly name: string }>;
}

export const readJavaScript = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const file: File = { into: new Collector(), exported: new Set(), imported: new Map() };
  const statements = named(root);
  // What is exported may be imported further down.
  for (const node of statements) if (node.kind() === 'import_statement') readImport(node, file);
  for (const node of statements) readStatement(node, file, false);
  const wanted = [
    'ERROR',
    ...(CALLS.test(text) ? ['call_expression'] : []),
    ...(DECORATORS.test(text) ? ['decorator'] : []),
    ...(ENVIRONMENT.test(text) ? ENVIRONMENTS : []),
    ...(EXPORTS.test(text) ? ['assignment_expression'] : []),
    ...(SETTINGS.test(text) ? ['pair'] : []),
  ];
  for (const node of ofKinds(root, wanted)) readInner(node, file);
  return file.into.facts({ isGenerated, exported: file.exported });
};

const readStatement = (node: SgNode, file: File, isExported: boolean): void => {
  const kind = String(node.kind());
  if (kind === 'export_statement') readExport(node, file);
  else if (kind === 'ambient_declaration' || kind === 'expression_statement') for (const child of named(node)) readStatement(child, file, isExported);
  // Its members are reached through its name.
  else if (kind === 'internal_module' || kind === 'module') file.into.symbol({ node, name: fieldText(node, 'name'), kind: 'constant', isExported });
  else if (VARIABLES.has(kind)) for (const variable of named(node)) readVariable(variable, file, isExported);
  else {
    const declared = KINDS.get(kind);
    if (!declared) return;
    const name = nameOf(node);
    file.into.symbol({ node, name, kind: declared, isExported, bases: basesOf(node) });
    if (declared === 'interface' && node.field('body')?.matches(CALLABLE) === true) file.into.callable(name);
    const made = declared === 'function' && isExported ? madeBy(node.field('return_type')) : undefined;
    if (made !== undefined) file.into.implementation(name, made);
  }
};

/** An interface that asks for something that can be called. */
const CALLABLE = { rule: { has: { any: [{ kind: 'method_signature' }, { kind: 'property_signature', has: { field: 'type', has: { kind: 'function_type' } } }] } } };

/** The type of what is exported, or made by a function: it may be one that others can implement. */
const madeBy = (annotation: SgNode | null): string | undefined => {
  let type = annotation ? named(annotation)[0] : undefined;
  if (type?.kind() === 'generic_type' && fieldText(type, 'name') === 'Promise') type = named(type.field('type_arguments') ?? type)[0];
  return type?.kind() === 'type_identifier' ? type.text() : undefined;
};

const readVariable = (node: SgNode, { into }: File, isExported: boolean): void => {
  const value = node.field('value');
  const kind = String(value?.kind());
  const name = nameOf(node);
  const made = madeBy(node.field('type')) ?? madeBy(value?.field('return_type') ?? null);
  if (made !== undefined && isExported) into.implementation(name, made);
  if (kind === 'class' && value) into.symbol({ node, name, kind: 'class', isExported, bases: basesOf(value) });
  else into.symbol({ node, name, kind: FUNCTIONS.has(kind) ? 'function' : 'constant', isExported });
};

const basesOf = (node: SgNode): readonly string[] =>
  lastNames(
    named(node).flatMap((child) => {
      if (child.kind() === 'extends_type_clause') return named(child);
      if (child.kind() !== 'class_heritage') return [];
      // JavaScript's grammar has the base itself there, TypeScript's has clauses.
      return named(child).flatMap((clause) => (clause.kind() === 'extends_clause' ? (clause.field('value') ?? []) : clause.kind() === 'implements_clause' ? named(clause) : clause));
    }),
  );

const readExport = (node: SgNode, file: File): void => {
  if (node.field('source')) {
    readReExport(node, file.into);
    return;
  }
  const isDefault = node.children().some((child) => child.kind() === 'default');
  const declaration = node.field('declaration');
  if (declaration) {
    readStatement(declaration, file, true);
    const name = isDefault ? nameOf(declaration) : '';
    if (name !== '') file.into.exports({ as: 'default', name });
    return;
  }
  const value = node.field('value');
  if (isDefault && value?.kind() === 'identifier') exportName(file, value.text(), 'default');
  for (const clause of named(node)) {
    if (clause.kind() !== 'export_clause') continue;
    for (const specifier of named(clause)) exportName(file, fieldText(specifier, 'name'), fieldText(specifier, 'alias') || fieldText(specifier, 'name'));
  }
};

const exportName = ({ into, exported, imported }: File, name: string, as: string): void => {
  const origin = imported.get(name);
  if (origin) {
    into.exports({ as, ...origin });
    return;
  }
  exported.add(name);
  if (as !== name) into.exports({ as, name });
};

const readInner = (node: SgNode, file: File): void => {
  switch (String(node.kind())) {
    case 'ERROR':
      file.into.misread(node);
      break;
    case 'decorator':
      for (const name of decoratedEndpoints(node)) file.into.endpoint(node, name);
      break;
    case 'pair':
      readSettings(node, file.into);
      break;
    case 'assignment_expression':
      readCommonExport(node, file);
      break;
    case 'member_expression':
      if (isEnvironment(node.field('object'))) file.into.environment(fieldText(node, 'property'));
      break;
    case 'subscript_expression':
      if (isEnvironment(node.field('object'))) file.into.environment(literal(node.field('index')) ?? '');
      break;
    default:
      readRequire(node, file.into);
      for (const name of routeEndpoint(node)) file.into.endpoint(node, name);
      if (fieldText(node, 'function') === 'Deno.env.get') file.into.environment(literal(named(node.field('arguments') ?? node)[0]) ?? '');
  }
};

const isEnvironment = (node: SgNode | null): boolean => {
  const kind = String(node?.kind());
  return kind === 'member_expression' && /^(?:process\s*\.\s*env|import\.meta\.env|Bun\.env)$/.test(shortText(node));
};

/** `module.exports = …`, `exports.name = …`. */
const readCommonExport = (node: SgNode, file: File): void => {
  const left = fieldText(node, 'left');
  const value = node.field('right');
  const [, property] = /^(?:module\.)?exports(?:\.([\w$]+))?$/.exec(left.slice(0, 400)) ?? [];
  if (!value || !/^(?:module\.)?exports\b/.test(left)) return;
  if (property !== undefined) {
    if (value.kind() === 'identifier') exportName(file, value.text(), property);
    else file.into.symbol({ node, name: property, kind: FUNCTIONS.has(String(value.kind())) ? 'function' : 'constant', isExported: true });
  } else if (left === 'module.exports' && value.kind() === 'identifier') {
    exportName(file, value.text(), 'default');
  } else if (left === 'module.exports' && value.kind() === 'object') {
    for (const entry of named(value)) {
      const inner = entry.kind() === 'pair' ? entry.field('value') : entry;
      const isPlain = inner?.kind() === 'identifier' || inner?.kind() === 'shorthand_property_identifier';
      if (isPlain) exportName(file, inner.text(), entry.kind() === 'pair' ? fieldText(entry, 'key') : inner.text());
    }
  }
};
