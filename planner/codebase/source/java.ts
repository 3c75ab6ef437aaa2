/** What a Java file declares and imports, and the endpoints of Spring and JAX-RS. */
import type { SgNode } from '@ast-grep/napi';
import type { SymbolKind } from '../analysis.ts';
import { Collector } from './collector.ts';
import { endpointName, joinedRoute } from './endpoint-name.ts';
import { argumentsOf, fieldText, lastName, lastNames, literal, named, ofKinds, shortText } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const TYPES: ReadonlyMap<string, SymbolKind> = new Map([
  ['class_declaration', 'class'],
  ['record_declaration', 'class'],
  ['interface_declaration', 'interface'],
  ['enum_declaration', 'type'],
  ['annotation_type_declaration', 'type'],
]);
const SPRING = /^(Get|Post|Put|Patch|Delete|Request)Mapping$/;
const JAX = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
const MAX_DEPTH = 20;

export const readJava = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  for (const node of named(root)) readTop(node, into);
  const wanted = ['ERROR', ...(/System\s*\.\s*getenv/.test(text) ? ['method_invocation'] : [])];
  for (const node of ofKinds(root, wanted)) {
    if (node.kind() === 'ERROR') into.misread(node);
    else if (fieldText(node, 'name') === 'getenv') into.environment(literal(argumentsOf(node)[0]) ?? '');
  }
  return into.facts({ isGenerated });
};

const readTop = (node: SgNode, into: Collector): void => {
  const kind = String(node.kind());
  if (kind === 'package_declaration') into.belongsTo(shortText(named(node).at(-1)));
  else if (kind === 'import_declaration') readImport(node, into);
  else readType(node, into, 0);
};

const readImport = (node: SgNode, into: Collector): void => {
  const path = shortText(named(node)[0]);
  const isWild = named(node).some((child) => child.kind() === 'asterisk');
  const isStatic = node.children().some((child) => child.kind() === 'static');
  const parts = path.split('.');
  if (isWild && !isStatic) into.use(path, ['*']);
  else {
    // A static import is a use of the class that has it.
    const type = isStatic && !isWild ? parts.slice(0, -1) : parts;
    into.use(type.slice(0, -1).join('.'), [type.at(-1) ?? '']);
  }
};

const readType = (node: SgNode, into: Collector, depth: number): void => {
  const declared = TYPES.get(String(node.kind()));
  if (!declared || depth > MAX_DEPTH) return;
  const modifiers = modifiersOf(node);
  const has = (word: string): boolean => modifiers.some((modifier) => modifier.kind() === word);
  const kind = declared === 'class' && has('abstract') ? 'abstract_class' : declared;
  // What an interface holds is public; of nested types those that say so are.
  into.symbol({ node, name: fieldText(node, 'name'), kind, isExported: has('public') || node.parent()?.kind() === 'interface_body', bases: basesOf(node) });
  const body = node.field('body');
  const prefix = pathOf(annotationsOf(node).find(({ name }) => name === 'RequestMapping' || name === 'Path'));
  for (const member of body ? named(body) : []) {
    if (member.kind() === 'method_declaration') readMethod(member, prefix, into);
    else if (member.kind() === 'field_declaration') readConstants(member, into);
    else readType(member, into, depth + 1);
  }
};

const modifiersOf = (node: SgNode): readonly SgNode[] => node.children().find((child) => child.kind() === 'modifiers')?.children() ?? [];

const basesOf = (node: SgNode): readonly string[] =>
  lastNames(
    named(node).flatMap((child) => {
      if (child.kind() === 'superclass') return named(child);
      return child.kind() === 'super_interfaces' || child.kind() === 'extends_interfaces' ? named(child).flatMap(named) : [];
    }),
  );

interface Annotation {
  readonly name: string;
  readonly node: SgNode;
}

const annotationsOf = (node: SgNode): readonly Annotation[] =>
  modifiersOf(node).flatMap((modifier) => {
    const isOne = modifier.kind() === 'annotation' || modifier.kind() === 'marker_annotation';
    const name = isOne ? modifier.field('name') : null;
    return name ? [{ name: lastName(name), node: modifier }] : [];
  });

/** An element of an annotation, in its short form or by name. */
const elementOf = (annotation: Annotation, ...names: readonly string[]): SgNode | undefined => {
  for (const argument of argumentsOf(annotation.node)) {
    if (argument.kind() !== 'element_value_pair') return names.includes('value') ? argument : undefined;
    if (names.includes(fieldText(argument, 'key'))) return argument.field('value') ?? undefined;
  }
  return undefined;
};

const pathOf = (annotation: Annotation | undefined): string => {
  const element = annotation && elementOf(annotation, 'value', 'path');
  // Of several paths the first is named.
  return literal(element?.kind() === 'element_value_array_initializer' ? named(element)[0] : element) ?? '';
};

const readMethod = (node: SgNode, prefix: string, into: Collector): void => {
  const annotations = annotationsOf(node);
  for (const annotation of annotations) {
    const [, spring] = SPRING.exec(annotation.name) ?? [];
    if (spring !== undefined) {
      const stated = shortText(elementOf(annotation, 'method'));
      const methods = spring === 'Request' ? (stated.match(/\b[A-Z]{3,7}\b/g) ?? ['*']) : [spring];
      for (const method of methods) into.endpoint(node, endpointName(method, joinedRoute(prefix, pathOf(annotation))));
    } else if (JAX.test(annotation.name)) {
      into.endpoint(node, endpointName(annotation.name, joinedRoute(prefix, pathOf(annotations.find(({ name }) => name === 'Path')))));
    }
  }
};

/** `public static final`, named as constants are. */
const readConstants = (node: SgNode, into: Collector): void => {
  const words = new Set(modifiersOf(node).map((modifier) => String(modifier.kind())));
  if (!words.has('public') || !words.has('static') || !words.has('final')) return;
  for (const variable of named(node)) if (variable.kind() === 'variable_declarator') into.symbol({ node: variable, name: fieldText(variable, 'name'), kind: 'constant', isExported: true });
};
