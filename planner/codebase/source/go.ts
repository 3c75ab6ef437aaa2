/** What a Go file declares and imports, and the handlers it registers. */
import type { SgNode } from '@ast-grep/napi';
import { Collector } from './collector.ts';
import { endpointName } from './endpoint-name.ts';
import { argumentsOf, fieldText, lastName, lastNames, literal, named, ofKinds, shortText } from './nodes.ts';
import type { Wanted } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'any']);
const HANDLERS = new Set(['HandleFunc', 'Handle']);
const CALLS = /\.(?:HandleFunc|Handle|Getenv|LookupEnv|(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|Any|Get|Post|Put|Patch|Delete|Head|Options))\(/;
const CLIENT = /^(?:http|client|c|resty|req)$|[cC]lient$/;

/** Of a chain of calls only what it begins with may be of a package. */
const OF_PACKAGE: Wanted = { kind: 'selector_expression', has: { field: 'operand', kind: 'identifier' } };

const isExported = (name: string): boolean => /^\p{Lu}/u.test(name);

export const readGo = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  const packages = new Map<string, { readonly specifier: string; readonly names: Set<string> }>();
  for (const node of named(root)) readDeclaration(node, into, packages);
  const wanted = ['ERROR', 'qualified_type', OF_PACKAGE, ...(CALLS.test(text) ? ['call_expression'] : [])];
  for (const node of ofKinds(root, wanted)) {
    const kind = String(node.kind());
    if (kind === 'ERROR') into.misread(node);
    else if (kind === 'call_expression') readCall(node, into);
    else {
      const [, owner = '', name = ''] = /^(\w+)\.(\w+)$/.exec(shortText(node)) ?? [];
      packages.get(owner)?.names.add(name);
    }
  }
  for (const { specifier, names } of packages.values()) into.use(specifier, [...names]);
  return into.facts({ isGenerated });
};

type Packages = Map<string, { readonly specifier: string; readonly names: Set<string> }>;

const readDeclaration = (node: SgNode, into: Collector, packages: Packages): void => {
  switch (String(node.kind())) {
    case 'package_clause':
      into.belongsTo(named(node)[0]?.text() ?? '');
      break;
    case 'import_declaration':
      for (const spec of node.findAll({ rule: { kind: 'import_spec' } })) {
        const specifier = literal(spec.field('path'));
        if (specifier === undefined) continue;
        const usual = specifier.replace(/\/v\d+$/, '').split('/').at(-1) ?? specifier;
        packages.set(fieldText(spec, 'name') || usual.replace(/^go-|\.go$/g, ''), { specifier, names: new Set() });
      }
      break;
    case 'function_declaration':
      into.symbol({ node, name: fieldText(node, 'name'), kind: 'function', isExported: isExported(fieldText(node, 'name')) });
      break;
    case 'method_declaration': {
      const receiver = node.field('receiver');
      const type = receiver && named(receiver)[0]?.field('type');
      if (type) into.method(lastName(type), fieldText(node, 'name'));
      break;
    }
    case 'type_declaration':
      for (const spec of named(node)) readType(spec, into);
      break;
    case 'const_declaration':
    case 'var_declaration':
      for (const spec of node.findAll({ rule: { any: [{ kind: 'const_spec' }, { kind: 'var_spec' }] } })) {
        for (const name of spec.fieldChildren('name')) if (name.kind() === 'identifier') into.symbol({ node: spec, name: name.text(), kind: 'constant', isExported: isExported(name.text()) });
      }
      break;
    default:
  }
};

const readType = (spec: SgNode, into: Collector): void => {
  const name = fieldText(spec, 'name');
  const type = spec.field('type');
  const kind = String(type?.kind());
  const isPublic = isExported(name);
  if (type && kind === 'interface_type') {
    for (const member of named(type)) if (member.kind() === 'method_elem' || member.kind() === 'method_spec') into.method(name, fieldText(member, 'name'));
    const embedded = lastNames(named(type).filter((member) => member.kind() === 'type_elem' || member.kind() === 'constraint_elem'));
    into.symbol({ node: spec, name, kind: 'interface', isExported: isPublic, bases: embedded });
  } else if (type && kind === 'struct_type') {
    const fields = type.find({ rule: { kind: 'field_declaration_list' } });
    // A field without a name is embedded.
    const embedded = fields ? named(fields).filter((field) => field.kind() === 'field_declaration' && !field.field('name')) : [];
    into.symbol({ node: spec, name, kind: 'class', isExported: isPublic, bases: lastNames(embedded.flatMap((field) => field.field('type') ?? [])) });
  } else {
    into.symbol({ node: spec, name, kind: 'type', isExported: isPublic });
  }
};

const readCall = (node: SgNode, into: Collector): void => {
  const called = node.field('function');
  if (called?.kind() !== 'selector_expression') return;
  const name = fieldText(called, 'field');
  const receiver = fieldText(called, 'operand');
  const args = argumentsOf(node);
  const first = literal(args[0]);
  if (first === undefined) return;
  if (receiver === 'os' && (name === 'Getenv' || name === 'LookupEnv')) into.environment(first);
  if (args.length < 2) return;
  // Since Go 1.22 a pattern may begin with its method.
  const [, own, path = ''] = /^(?:([A-Z]+) )?(\/\S*)$/.exec(first) ?? [];
  if (path === '') return;
  if (HANDLERS.has(name)) for (const method of own === undefined ? chainedMethods(node) : [own]) into.endpoint(node, endpointName(method, path));
  else if (METHODS.has(name.toLowerCase()) && !CLIENT.test(receiver)) into.endpoint(node, endpointName(name.toLowerCase() === 'any' ? '*' : name, path));
};

/** `.Methods("GET", "POST")` behind the call. */
const chainedMethods = (node: SgNode): readonly string[] => {
  const around = node.parent();
  const call = around?.kind() === 'selector_expression' && fieldText(around, 'field') === 'Methods' ? around.parent() : undefined;
  const methods = call?.kind() === 'call_expression' ? argumentsOf(call).map((method) => literal(method) ?? /^http\.Method(\w+)$/.exec(shortText(method))?.[1] ?? '') : [];
  return methods.length > 0 ? methods : ['*'];
};
