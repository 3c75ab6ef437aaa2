/** What a Python file declares and imports, and the routes of Flask, FastAPI and Django in it. */
import type { SgNode } from '@ast-grep/napi';
import type { SymbolKind } from '../analysis.ts';
import { Collector } from './collector.ts';
import { endpointName, joinedRoute } from './endpoint-name.ts';
import { argumentsOf, fieldText, isName, lastName, lastNames, literal, named, ofKinds, shortText } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'websocket']);
const ROUTES = new Set(['route', 'api_route']);
const DJANGO = new Set(['path', 're_path', 'url']);
const ENVIRONMENT = /\b(?:environ|getenv)\b/;

export const readPython = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  const listed = listedNames(root);
  const isPublic = (name: string): boolean => (listed ? listed.has(name) : !name.startsWith('_'));
  for (const node of named(root)) readStatement(node, into, isPublic);
  const wanted = ['ERROR', 'import_statement', 'import_from_statement', ...(text.includes('@') ? ['decorator'] : []), ...(ENVIRONMENT.test(text) ? ['call', 'subscript'] : [])];
  for (const node of ofKinds(root, wanted)) readInner(node, into);
  return into.facts({ isGenerated });
};

/** What `__all__` says. */
const listedNames = (root: SgNode): ReadonlySet<string> | undefined => {
  for (const statement of named(root)) {
    const assignment = statement.kind() === 'expression_statement' ? named(statement)[0] : undefined;
    if (assignment?.kind() !== 'assignment' || fieldText(assignment, 'left') !== '__all__') continue;
    const list = assignment.field('right');
    if (list?.kind() === 'list' || list?.kind() === 'tuple') return new Set(named(list).flatMap((name) => literal(name) ?? []));
  }
  return undefined;
};

const readStatement = (node: SgNode, into: Collector, isPublic: (name: string) => boolean): void => {
  switch (String(node.kind())) {
    case 'decorated_definition': {
      const definition = node.field('definition');
      if (definition) readStatement(definition, into, isPublic);
      break;
    }
    case 'class_definition': {
      const name = fieldText(node, 'name');
      const bases = lastNames(superclassesOf(node).filter((base) => base.kind() !== 'keyword_argument'));
      into.symbol({ node, name, kind: kindOfClass(node, bases), isExported: isPublic(name), bases });
      break;
    }
    case 'function_definition':
      into.symbol({ node, name: fieldText(node, 'name'), kind: 'function', isExported: isPublic(fieldText(node, 'name')) });
      break;
    case 'type_alias_statement':
      into.symbol({ node, name: fieldText(node, 'left'), kind: 'type', isExported: isPublic(fieldText(node, 'left')) });
      break;
    // What is declared under a condition is declared as well.
    case 'if_statement':
      for (const inner of named(node.field('consequence') ?? node)) if (inner.kind() !== 'if_statement') readStatement(inner, into, isPublic);
      break;
    case 'expression_statement':
      for (const inner of named(node)) if (inner.kind() === 'assignment') readAssignment(inner, into, isPublic);
      break;
    default:
  }
};

const superclassesOf = (node: SgNode): readonly SgNode[] => {
  const list = node.field('superclasses');
  return list ? named(list) : [];
};

const kindOfClass = (node: SgNode, bases: readonly string[]): SymbolKind => {
  if (bases.includes('Protocol')) return 'interface';
  const isAbstract = bases.includes('ABC') || superclassesOf(node).some((base) => /^metaclass\s*=\s*(?:abc\.)?ABCMeta$/.test(shortText(base)));
  return isAbstract || hasAbstractMethod(node) ? 'abstract_class' : 'class';
};

const hasAbstractMethod = (node: SgNode): boolean => {
  const body = node.field('body');
  return body !== null && named(body).some((member) => member.kind() === 'decorated_definition' && named(member).some((part) => part.kind() === 'decorator' && /^@(?:abc\.)?abstract/.test(shortText(part))));
};

const readAssignment = (node: SgNode, into: Collector, isPublic: (name: string) => boolean): void => {
  const name = fieldText(node, 'left');
  if (name === 'urlpatterns') readUrlPatterns(node.field('right'), into);
  else if (isName(name) && !name.startsWith('__')) into.symbol({ node, name, kind: 'constant', isExported: isPublic(name) });
};

const readUrlPatterns = (patterns: SgNode | null, into: Collector): void => {
  if (patterns?.kind() !== 'list') return;
  for (const call of named(patterns)) {
    if (call.kind() !== 'call' || !DJANGO.has(lastName(call.field('function') ?? call))) continue;
    const [path, view] = argumentsOf(call);
    // Other patterns have endpoints of their own.
    if (view?.kind() === 'call' && lastName(view.field('function') ?? view) === 'include') continue;
    const text = literal(path);
    if (text !== undefined) into.endpoint(call, endpointName('*', joinedRoute('', text.replace(/^\^/, '').replace(/\$$/, ''))));
  }
};

const readInner = (node: SgNode, into: Collector): void => {
  switch (String(node.kind())) {
    case 'ERROR':
      into.misread(node);
      break;
    case 'decorator':
      readDecorator(node, into);
      break;
    case 'import_statement':
      for (const { name, as } of importedNames(node.children())) {
        into.use(name, ['*']);
        into.exports({ as, name: '*', from: name });
      }
      break;
    case 'import_from_statement':
      readFrom(node, into);
      break;
    case 'subscript':
      if (/^(?:os\s*\.\s*)?environ$/.test(fieldText(node, 'value'))) into.environment(literal(node.field('subscript')) ?? '');
      break;
    default:
      if (/^(?:os\s*\.\s*)?(?:getenv|environ\s*\.\s*get)$/.test(fieldText(node, 'function'))) into.environment(literal(argumentsOf(node)[0]) ?? '');
  }
};

const importedNames = (nodes: readonly SgNode[]): readonly { readonly name: string; readonly as: string }[] =>
  nodes.flatMap((child) => {
    if (child.kind() === 'aliased_import') return [{ name: plain(fieldText(child, 'name')), as: fieldText(child, 'alias') }];
    return child.kind() === 'dotted_name' ? [{ name: plain(shortText(child)), as: plain(shortText(child)) }] : [];
  });

const readFrom = (node: SgNode, into: Collector): void => {
  const module = node.field('module_name');
  if (!module) return;
  const from = plain(shortText(module));
  const children = node.children().filter((child) => child.id() !== module.id());
  if (children.some((child) => child.kind() === 'wildcard_import')) {
    into.use(from, []);
    into.exports({ as: '*', name: '*', from });
    return;
  }
  const names = importedNames(children);
  into.use(from, names.map(({ name }) => name));
  // Whoever imports this module can have them from it.
  for (const { name, as } of names) into.exports({ as, name, from });
};

/** A name may be spread over lines by a backslash. */
const plain = (text: string): string => text.replaceAll(/[\s\\]/g, '');

/** `@app.get('/users')`, `@router.route('/users', methods=['POST'])`. */
const readDecorator = (node: SgNode, into: Collector): void => {
  const call = named(node)[0];
  const called = call?.kind() === 'call' ? call.field('function') : undefined;
  if (!call || called?.kind() !== 'attribute') return;
  const method = fieldText(called, 'attribute');
  const args = argumentsOf(call);
  const path = literal(args[0]);
  if (path === undefined || (path !== '' && !path.startsWith('/'))) return;
  if (METHODS.has(method)) into.endpoint(node, endpointName(method, path));
  if (!ROUTES.has(method)) return;
  const list = args.find((argument) => argument.kind() === 'keyword_argument' && fieldText(argument, 'name') === 'methods')?.field('value');
  const methods = list ? named(list).flatMap((one) => literal(one) ?? []) : ['GET'];
  for (const one of methods) into.endpoint(node, endpointName(one, path));
};
