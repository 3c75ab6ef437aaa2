/** What a Rust file declares, implements and uses, and the routes of Actix, Rocket and Axum. */
import type { SgNode } from '@ast-grep/napi';
import type { SymbolKind } from '../analysis.ts';
import { Collector } from './collector.ts';
import { endpointName } from './endpoint-name.ts';
import { argumentsOf, fieldText, lastName, lastNames, literal, named, ofKinds, shortText } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const KINDS: ReadonlyMap<string, SymbolKind> = new Map([
  ['struct_item', 'class'],
  ['union_item', 'class'],
  ['enum_item', 'type'],
  ['type_item', 'type'],
  ['trait_item', 'interface'],
  ['function_item', 'function'],
  ['const_item', 'constant'],
  ['static_item', 'constant'],
]);
const ATTRIBUTE = /^(get|post|put|patch|delete|head|options)\s*\(\s*"([^"\s]{0,200})"/;
const ROUTES = /\.route\s*\(/;
const ENVIRONMENT = /\benv::var(?:_os)?\b/;
const MAX_DEPTH = 20;

export const readRust = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  for (const node of named(root)) readItem(node, into, 0);
  const calls = ROUTES.test(text) || ENVIRONMENT.test(text);
  const wanted = ['ERROR', ...(text.includes('#[') ? ['attribute'] : []), ...(calls ? ['call_expression'] : [])];
  for (const node of ofKinds(root, wanted)) {
    const kind = String(node.kind());
    if (kind === 'ERROR') into.misread(node);
    else if (kind === 'attribute') readAttribute(node, into);
    else readCall(node, into);
  }
  return into.facts({ isGenerated });
};

const readItem = (node: SgNode, into: Collector, depth: number): void => {
  if (depth > MAX_DEPTH) return;
  const kind = String(node.kind());
  const isExported = node.children().some((child) => child.kind() === 'visibility_modifier');
  const declared = KINDS.get(kind);
  if (declared) {
    const bounds = node.field('bounds');
    into.symbol({ node, name: fieldText(node, 'name'), kind: declared, isExported, bases: bounds ? lastNames(named(bounds)) : [] });
  } else if (kind === 'impl_item') {
    const trait = node.field('trait');
    const type = node.field('type');
    if (trait && type) into.implementation(lastName(type), lastName(trait));
  } else if (kind === 'use_declaration') {
    const tree = node.field('argument');
    if (tree) readUse(tree, { prefix: '', isExported, into, depth: 0 });
  } else if (kind === 'macro_definition') {
    into.symbol({ node, name: fieldText(node, 'name'), kind: 'function', isExported: isExported || /macro_export/.test(shortText(node.prev())) });
  } else if (kind === 'mod_item') {
    const body = node.field('body');
    // Tests of a module lie inside of it.
    if (body && fieldText(node, 'name') !== 'tests') for (const inner of named(body)) readItem(inner, into, depth + 1);
  }
};

interface UseTree {
  readonly prefix: string;
  readonly isExported: boolean;
  readonly into: Collector;
  readonly depth: number;
}

const readUse = (node: SgNode, at: UseTree): void => {
  const { prefix, isExported, into, depth } = at;
  if (depth > MAX_DEPTH) return;
  const path = (text: string): string => [prefix, text.replaceAll(/\s/g, '')].filter(Boolean).join('::');
  const take = (full: string, alias?: string): void => {
    const cut = full.lastIndexOf('::');
    if (cut === -1) return;
    const [from, name] = [full.slice(0, cut), full.slice(cut + 2)];
    into.use(from, [name]);
    if (isExported) into.exports({ as: alias ?? name, name, from });
  };
  switch (String(node.kind())) {
    case 'scoped_use_list': {
      const list = node.field('list');
      for (const inner of list ? named(list) : []) readUse(inner, { ...at, prefix: path(fieldText(node, 'path')), depth: depth + 1 });
      break;
    }
    case 'use_list':
      for (const inner of named(node)) readUse(inner, { ...at, depth: depth + 1 });
      break;
    case 'use_wildcard': {
      const from = path(shortText(named(node)[0]));
      into.use(from, []);
      if (isExported) into.exports({ as: '*', name: '*', from });
      break;
    }
    case 'use_as_clause':
      take(path(fieldText(node, 'path')), fieldText(node, 'alias'));
      break;
    default:
      take(path(shortText(node)));
  }
};

const readAttribute = (node: SgNode, into: Collector): void => {
  const [, method, path] = ATTRIBUTE.exec(shortText(node)) ?? [];
  if (method !== undefined && path?.startsWith('/')) into.endpoint(node, endpointName(method, path));
};

/** `.route("/users", get(list).post(create))`, `env::var("PORT")`. */
const readCall = (node: SgNode, into: Collector): void => {
  const called = node.field('function');
  const args = argumentsOf(node);
  const first = literal(args[0]);
  if (!called || first === undefined) return;
  if (called.kind() === 'scoped_identifier') {
    if (/(?:^|::)env::var(?:_os)?$/.test(shortText(called))) into.environment(first);
    return;
  }
  if (called.kind() !== 'field_expression' || fieldText(called, 'field') !== 'route' || !first.startsWith('/')) return;
  const methods = new Set(shortText(args[1], 20_000).match(/\b(?:get|post|put|patch|delete|head|options)(?=\s*\()/g) ?? []);
  for (const method of methods) into.endpoint(node, endpointName(method, first));
};
