/** The imports of one syntax tree, in the order of the text. */
import type { ImportKind } from '../census.ts';
import { fieldsOf, isIdentifier, isNode, nodesIn, textOf } from './syntax-tree.ts';
import type { SyntaxNode } from './syntax-tree.ts';

export interface FoundImport {
  readonly specifier: string;
  readonly kind: ImportKind;
  /** Where the specifier stands. */
  readonly offset: number;
  readonly optional: boolean;
}

/** What the surroundings of a node say about the imports in it. */
interface Surroundings {
  /** A failure is caught. */
  readonly optional: boolean;
  /** `require` is a parameter here: a bundler's own function, not Node's. */
  readonly shadowed: boolean;
  readonly typesOnly: boolean;
}

/** Without recursion: how deep a tree goes is up to whoever wrote the text. */
export const findImports = (program: SyntaxNode, options: { readonly typesOnly: boolean }): readonly FoundImport[] => {
  const found: FoundImport[] = [];
  const open: { readonly node: SyntaxNode; readonly around: Surroundings }[] = [{ node: program, around: { optional: false, shadowed: false, ...options } }];
  const push = (value: unknown, inside: Surroundings): void => {
    if (isNode(value)) open.push({ node: value, around: inside });
  };
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, around } = next;
    const source = sourceOf(node, around);
    const specifier = textOf(source?.from);
    if (source && specifier !== undefined && isNode(source.from)) {
      found.push({ specifier, kind: around.typesOnly ? 'type' : source.kind, offset: source.from.start, optional: around.optional });
    }
    const inner = CHANGING.has(node.type) ? undefined : around;
    for (const field of fieldsOf(node)) {
      const value = node[field];
      if (typeof value !== 'object' || value === null) continue;
      const inside = inner ?? surroundingsIn(node, field, around);
      if (Array.isArray(value)) for (const child of value) push(child, inside);
      else push(value, inside);
    }
  }
  return found.sort((a, b) => a.offset - b.offset);
};

interface Source {
  readonly from: unknown;
  readonly kind: ImportKind;
}

const sourceOf = (node: SyntaxNode, around: Surroundings): Source | undefined => {
  switch (node.type) {
    case 'ImportDeclaration':
      return { from: node['source'], kind: declarationKind(node, 'importKind', 'side-effect') };
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return { from: node['source'], kind: declarationKind(node, 'exportKind', 'import') };
    case 'TSExternalModuleReference':
      return { from: node['expression'], kind: 'require' };
    case 'TSImportType':
      return { from: node['source'], kind: 'type' };
    case 'ImportExpression':
      return { from: node['source'], kind: 'dynamic' };
    case 'CallExpression':
      return callSource(node, around);
    default:
      return undefined;
  }
};

/** `import type {A}` and `import {type A}` alike. */
const declarationKind = (node: SyntaxNode, field: string, bare: ImportKind): ImportKind => {
  if (node[field] === 'type') return 'type';
  const names = nodesIn(node['specifiers']);
  if (names.length === 0) return bare;
  return names.every((name) => name[field] === 'type') ? 'type' : 'import';
};

/** `require(…)`, `require.resolve(…)`, `import.meta.resolve(…)`. */
const callSource = (node: SyntaxNode, { shadowed }: Surroundings): Source | undefined => {
  const { callee } = node;
  const [from] = nodesIn(node['arguments']);
  if (!isNode(callee)) return undefined;
  if (isIdentifier(callee, 'require')) return shadowed ? undefined : { from, kind: 'require' };
  if (callee.type !== 'MemberExpression' || !isIdentifier(callee['property'], 'resolve')) return undefined;
  if (isIdentifier(callee['object'], 'require')) return shadowed ? undefined : { from, kind: 'require' };
  return isNode(callee['object']) && callee['object'].type === 'MetaProperty' ? { from, kind: 'dynamic' } : undefined;
};

/** Nodes in which the surroundings are others: all else passes them on. */
const CHANGING = new Set(['TryStatement', 'CallExpression', 'TSImportEqualsDeclaration', 'TSModuleDeclaration', 'FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const surroundingsIn = (node: SyntaxNode, field: string, around: Surroundings): Surroundings => {
  if (node.type === 'TryStatement' && node['handler'] && field !== 'finalizer') return { ...around, optional: true };
  if (node.type === 'CallExpression' && field === 'callee' && isNode(node['callee']) && isIdentifier(node['callee']['property'], 'catch')) return { ...around, optional: true };
  // `import type x = require('x')`
  if (node.type === 'TSImportEqualsDeclaration' && node['importKind'] === 'type') return { ...around, typesOnly: true };
  if (node.type === 'TSModuleDeclaration' && node['declare'] === true) return { ...around, typesOnly: true };
  if (nodesIn(node['params']).some((parameter) => isIdentifier(parameter, 'require'))) return { ...around, shadowed: true };
  return around;
};
