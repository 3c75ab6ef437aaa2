/** What a Ruby file declares and uses. Constants are loaded by their names there, so names are what it uses. */
import type { SgNode } from '@ast-grep/napi';
import { Collector } from './collector.ts';
import { argumentsOf, fieldText, lastName, literal, named, ofKinds } from './nodes.ts';
import { readRoutes } from './ruby-routes.ts';
import type { SourceFacts } from './source-facts.ts';

const MIXINS = new Set(['include', 'extend', 'prepend']);
const ROUTES = /\broutes\.draw\b|\bSinatra\b|\bGrape::API\b|\bRoda\b/;
const MAX_DEPTH = 20;

export const readRuby = (root: SgNode, text: string, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  readBody(root, { into, owner: undefined, depth: 0 });
  for (const node of ofKinds(root, ['ERROR', 'constant', ...(text.includes('ENV') ? ['element_reference'] : []), ...(text.includes('require') || text.includes('ENV') ? ['call'] : [])])) {
    const kind = String(node.kind());
    if (kind === 'ERROR') into.misread(node);
    else if (kind === 'constant') into.mention(node.text());
    else if (kind === 'element_reference') {
      if (fieldText(node, 'object') === 'ENV') into.environment(literal(named(node)[1]) ?? '');
    } else readCall(node, into);
  }
  if (ROUTES.test(text)) readRoutes(root, into);
  return into.facts({ isGenerated });
};

interface Place {
  readonly into: Collector;
  /** The class around it. */
  readonly owner: string | undefined;
  readonly depth: number;
}

const readBody = (body: SgNode, place: Place): void => {
  for (const node of named(body)) readStatement(node, place);
};

const readStatement = (node: SgNode, place: Place): void => {
  const { into, owner, depth } = place;
  if (depth > MAX_DEPTH) return;
  const body = node.field('body');
  switch (String(node.kind())) {
    case 'class': {
      const name = lastName(node.field('name') ?? node);
      const above = node.field('superclass');
      const base = above ? lastName(named(above)[0] ?? above) : '';
      const mixins = body ? named(body).flatMap(mixedIn) : [];
      into.symbol({ node, name, kind: 'class', isExported: true, bases: [...new Set([base, ...mixins])].filter((one) => one !== '') });
      if (body) readBody(body, { into, owner: name, depth: depth + 1 });
      break;
    }
    case 'module': {
      const members = body ? named(body) : [];
      const name = lastName(node.field('name') ?? node);
      // With methods of its own it is there to be mixed in, or to be called; without, it is only a name space.
      if (members.some((member) => member.kind() === 'method' || member.kind() === 'singleton_method')) into.symbol({ node, name, kind: 'interface', isExported: true });
      if (body) readBody(body, { into, owner: undefined, depth: depth + 1 });
      break;
    }
    case 'method':
      if (owner === undefined && depth === 0) into.symbol({ node, name: fieldText(node, 'name'), kind: 'function', isExported: true });
      break;
    case 'assignment': {
      const left = node.field('left');
      if (left?.kind() === 'constant') into.symbol({ node, name: left.text(), kind: 'constant', isExported: true });
      break;
    }
    default:
  }
};

const mixedIn = (node: SgNode): readonly string[] => (node.kind() === 'call' && MIXINS.has(fieldText(node, 'method')) ? argumentsOf(node).map(lastName).filter((name) => /^\p{Lu}/u.test(name)) : []);

const readCall = (node: SgNode, into: Collector): void => {
  const method = fieldText(node, 'method');
  const first = literal(argumentsOf(node)[0]);
  if (first === undefined) return;
  const receiver = node.field('receiver');
  if (!receiver && method === 'require_relative') into.use(first.startsWith('.') ? first : `./${first}`, ['*']);
  else if (!receiver && method === 'require') into.use(first, ['*']);
  else if (receiver?.text() === 'ENV' && method === 'fetch') into.environment(first);
};
