/** Routes of Rails, with the name spaces around them, and of Sinatra and Grape. */
import type { SgNode } from '@ast-grep/napi';
import type { Collector } from './collector.ts';
import { endpointName, joinedRoute } from './endpoint-name.ts';
import { argumentsOf, fieldText, literal, named, shortText } from './nodes.ts';

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'options']);
/** Action, method, whether it is of one member. */
const ACTIONS: readonly (readonly [string, string, boolean])[] = [
  ['index', 'GET', false],
  ['create', 'POST', false],
  ['show', 'GET', true],
  ['update', 'PATCH', true],
  ['destroy', 'DELETE', true],
];
const MAX_DEPTH = 40;

interface Place {
  readonly prefix: string;
  /** Where routes of one member begin. */
  readonly member: string;
  readonly depth: number;
}

export const readRoutes = (root: SgNode, into: Collector): void => visit(root, { prefix: '', member: '', depth: 0 }, into);

const visit = (node: SgNode, place: Place, into: Collector): void => {
  if (place.depth > MAX_DEPTH) return;
  const inner = { ...place, depth: place.depth + 1 };
  for (const child of named(node)) visit(child, child.kind() === 'call' ? readRoute(child, inner, into) : inner, into);
};

/** Where what stands in its block belongs. */
const readRoute = (call: SgNode, place: Place, into: Collector): Place => {
  if (call.field('receiver')) return place;
  const method = fieldText(call, 'method');
  const [first] = argumentsOf(call);
  const name = wordOf(first);
  if (METHODS.has(method) && name !== undefined) {
    const isMember = optionOf(call, 'on')?.text() === ':member';
    into.endpoint(call, endpointName(method, joinedRoute(isMember ? place.member : place.prefix, name)));
    return place;
  }
  const inside = (prefix: string): Place => ({ prefix, member: prefix, depth: place.depth });
  switch (method) {
    case 'resources':
    case 'resource':
      return name === undefined ? place : readResource({ call, name, isMany: method === 'resources', place, into });
    case 'namespace':
      return name === undefined ? place : inside(joinedRoute(place.prefix, name));
    case 'scope': {
      const path = name ?? wordOf(optionOf(call, 'path'));
      return path === undefined ? place : inside(joinedRoute(place.prefix, path));
    }
    case 'member':
      return inside(place.member);
    default:
      return place;
  }
};

interface Resource {
  readonly call: SgNode;
  readonly name: string;
  readonly isMany: boolean;
  readonly place: Place;
  readonly into: Collector;
}

const readResource = ({ call, name, isMany, place, into }: Resource): Place => {
  const only = listOf(optionOf(call, 'only'));
  const except = listOf(optionOf(call, 'except'));
  const all = joinedRoute(place.prefix, name);
  const one = isMany ? `${all}/:id` : all;
  for (const [action, method, isMember] of ACTIONS) {
    if ((!isMany && action === 'index') || (only && !only.includes(action)) || except?.includes(action)) continue;
    into.endpoint(call, endpointName(method, isMember ? one : all));
  }
  const singular = name.replace(/ies$/, 'y').replace(/s$/, '');
  return { prefix: isMany ? `${all}/:${singular}_id` : all, member: one, depth: place.depth };
};

/** The text of a symbol or string. */
const wordOf = (node: SgNode | undefined): string | undefined => {
  if (node?.kind() === 'simple_symbol') return node.text().slice(1, 200);
  return node?.kind() === 'string' ? literal(node) : undefined;
};

const optionOf = (call: SgNode, key: string): SgNode | undefined => {
  const pair = argumentsOf(call).find((argument) => argument.kind() === 'pair' && fieldText(argument, 'key').replace(/^:|:$/g, '') === key);
  return pair?.field('value') ?? undefined;
};

/** `[:index, :show]`, `%i[index show]`, `:index`. */
const listOf = (node: SgNode | undefined): readonly string[] | undefined => node && (shortText(node).match(/[a-z_]{3,}/g) ?? []);
