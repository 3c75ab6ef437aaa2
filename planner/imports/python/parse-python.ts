/** Imports of a Python text, by tree-sitter's grammar. Runs in a parser's process (`parse/parser-main.ts`). */
import type { SgNode } from '@ast-grep/napi';
import type { ImportKind } from '../census.ts';
import type { ParsedImport, ParsedSource } from '../parse/parsed-source.ts';
import { readSetupCall } from './setup-program.ts';
import type { PythonParser } from './syntax.ts';

const IMPORTS = { rule: { any: ['import_statement', 'import_from_statement', 'call'].map((kind) => ({ kind })) } };
const ERRORS = { rule: { kind: 'ERROR' } };
/** Functions that import what a text names. */
const IMPORTERS = new Set(['__import__', 'import_module', 'importlib.import_module']);
/** What a guarded import catches; a bare `except` catches all of them. */
const CAUGHT = /\b(?:ImportError|ModuleNotFoundError|Exception|BaseException)\b/;
/** An import below such a condition is not for every machine. */
const CONDITION = /\b(?:sys\.version_info|sys\.platform|os\.name|platform\.system|PY2|PY3)\b/;
const TYPES_ONLY = /\bTYPE_CHECKING\b/;
const PROGRAM = /^if\s*\(?\s*__name__\s*==|^#!/m;

export const parsePython = (parse: PythonParser, path: string, text: string): ParsedSource => {
  const root = parse(text);
  // One may take in all of the text: the innermost says where.
  const error = root.findAll(ERRORS).find((node) => node.children().every((child) => child.kind() !== 'ERROR'));
  const setup = /(?:^|[/\\])setup\.py$/.test(path) ? readSetupCall(root) : undefined;
  return {
    imports: root.findAll(IMPORTS).flatMap((node) => importsOf(node, path.endsWith('.pyi'))),
    isProgram: PROGRAM.test(text),
    ...(setup && { setup }),
    ...(error && { fault: { message: 'this is not valid Python', ...positionOf(error) } }),
  };
};

interface Module {
  readonly node: SgNode;
  readonly specifier: string;
  readonly names?: readonly string[];
}

const importsOf = (node: SgNode, isStub: boolean): readonly ParsedImport[] => {
  const modules = modulesOf(node);
  if (modules.length === 0) return [];
  const { typesOnly, optional } = surroundings(node);
  const loads: ImportKind = node.kind() === 'call' ? 'dynamic' : 'import';
  return modules.map(({ node: where, specifier, names }) => ({
    specifier,
    kind: typesOnly || isStub ? 'type' : loads,
    ...positionOf(where),
    ...(names && { names }),
    ...(optional && { optional }),
  }));
};

const modulesOf = (node: SgNode): readonly Module[] => {
  if (node.kind() === 'call') return calledFor(node);
  if (node.kind() === 'import_statement') return named(node).map((name) => ({ node: name, specifier: plain(name) }));
  const module = node.field('module_name');
  return module ? [{ node: module, specifier: plain(module), names: named(node).filter((name) => name.id() !== module.id()).map(plain) }] : [];
};

const named = (node: SgNode): readonly SgNode[] =>
  node.children().flatMap((child) => {
    const name = child.kind() === 'aliased_import' ? child.field('name') : child;
    return name?.kind() === 'dotted_name' ? [name] : [];
  });

/** `importlib.import_module('a.b')`, of a text without gaps. */
const calledFor = (node: SgNode): readonly Module[] => {
  if (!IMPORTERS.has(node.field('function')?.text() ?? '')) return [];
  const argument = node.field('arguments')?.children().find((child) => child.isNamed());
  if (argument?.kind() !== 'string' || argument.find({ rule: { kind: 'interpolation' } })) return [];
  const content = argument.children().find((child) => child.kind() === 'string_content')?.text() ?? '';
  return /^[\w.]+$/.test(content) ? [{ node: argument, specifier: content }] : [];
};

/** A name may be spread over lines by a backslash. */
const plain = (node: SgNode): string => node.text().replaceAll(/[\s\\]/g, '');

const surroundings = (node: SgNode): { readonly typesOnly: boolean; readonly optional: boolean } => {
  let typesOnly = false;
  let optional = false;
  for (const around of node.ancestors()) {
    if (around.kind() === 'try_statement') optional ||= catchesImports(around);
    else if (around.kind() === 'with_statement') optional ||= /\bsuppress\(.*ImportError/.test(around.child(1)?.text() ?? '');
    else if (around.kind() === 'if_statement' || around.kind() === 'elif_clause') {
      const condition = around.field('condition')?.text() ?? '';
      typesOnly ||= TYPES_ONLY.test(condition) && isConsequence(around, node);
      optional ||= CONDITION.test(condition);
    }
  }
  return { typesOnly, optional };
};

/** Whether the import is what is done when the condition holds: the `else` of `if TYPE_CHECKING` runs. */
const isConsequence = (statement: SgNode, node: SgNode): boolean => {
  const body = statement.field('consequence')?.range();
  const at = node.range().start.index;
  return body !== undefined && at >= body.start.index && at < body.end.index;
};

const catchesImports = (statement: SgNode): boolean =>
  statement.children().some((clause) => {
    if (clause.kind() !== 'except_clause' && clause.kind() !== 'except_group_clause') return false;
    const head = clause.text().split(':', 1)[0] ?? '';
    return CAUGHT.test(head) || /^except\s*$/.test(head);
  });

const positionOf = (node: SgNode): { readonly line: number; readonly column: number } => {
  const { line, column } = node.range().start;
  return { line: line + 1, column: column + 1 };
};
