/** Endpoints of Express, Koa, Hono, Fastify and the like, and of controllers with decorators (Nest). */
import type { SgNode } from '@ast-grep/napi';
import { endpointName, joinedRoute } from './endpoint-name.ts';
import { argumentsOf, fieldText, literal, named } from './nodes.ts';

const METHODS = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'all']);
const SERVER = /^(?:app|router|routes?|server|fastify|hono|koa|express|api|web|v\d+)$|(?:Router|Routes|App|Server)$/;
/** They ask a server, or pretend to be one. */
const CLIENT = /^(?:axios|http|https|rest|nock|msw|fetch\w*|request|agent|got|ky|\$|jQuery|client|cy)$|(?:Client|Http|Mock|mock|Agent)$/;
const HANDLERS = new Set(['arrow_function', 'function_expression', 'function']);
const CONTROLLERS = /^(?:Controller|JsonController|RestController|Route)$/;

/** `app.get('/users', list)`, `app.route('/users').get(list)`, `fastify.route({ method: 'GET', url: '/users' })`. */
export const routeEndpoint = (call: SgNode): readonly string[] => {
  const called = call.field('function');
  if (called?.kind() !== 'member_expression') return [];
  const method = fieldText(called, 'property');
  if (method === 'route') return routeObject(call);
  if (!METHODS.has(method)) return [];
  const receiver = called.field('object');
  const args = argumentsOf(call);
  const chained = receiver ? routeOfChain(receiver) : undefined;
  const path = chained ?? literal(args[0]);
  if (path === undefined || !/^[/*]/.test(path) || (chained === undefined && args.length < 2) || args.length === 0) return [];
  if (chained === undefined && !serves(receiver, args.at(-1))) return [];
  return found(method === 'all' ? '*' : method, path);
};

const serves = (receiver: SgNode | null, handler: SgNode | undefined): boolean => {
  const name = receiver?.kind() === 'identifier' ? receiver.text() : receiver ? fieldText(receiver, 'property') : '';
  if (CLIENT.test(name)) return false;
  return SERVER.test(name) || HANDLERS.has(String(handler?.kind()));
};

/** The path of `x.route('/path')` at the beginning of a chain of methods. */
const routeOfChain = (receiver: SgNode): string | undefined => {
  let at: SgNode | null = receiver;
  for (let depth = 0; at?.kind() === 'call_expression' && depth < 12; depth += 1) {
    const called: SgNode | null = at.field('function');
    if (called?.kind() !== 'member_expression') return undefined;
    if (fieldText(called, 'property') === 'route') return literal(argumentsOf(at)[0]);
    at = called.field('object');
  }
  return undefined;
};

const routeObject = (call: SgNode): readonly string[] => {
  const [options] = argumentsOf(call);
  if (options?.kind() !== 'object') return [];
  const values = new Map(named(options).flatMap((pair) => (pair.kind() === 'pair' ? [[fieldText(pair, 'key'), pair.field('value')] as const] : [])));
  const path = literal(values.get('url') ?? values.get('path'));
  const method = values.get('method');
  if (path === undefined || !method) return [];
  const methods = method.kind() === 'array' ? named(method) : [method];
  return methods.flatMap((one) => found(literal(one) ?? '', path));
};

const found = (method: string, path: string): readonly string[] => {
  const name = endpointName(method, path);
  return name === undefined ? [] : [name];
};

/** `@Get(':id')` in a class with `@Controller('users')`. */
export const decoratedEndpoints = (decorator: SgNode): readonly string[] => {
  const call = named(decorator)[0];
  const method = call?.kind() === 'call_expression' ? fieldText(call, 'function').toLowerCase() : '';
  const body = decorator.parent();
  if (!call || !METHODS.has(method) || body?.kind() !== 'class_body') return [];
  const owner = body.parent();
  // Before `export`, decorators belong to the statement around the class.
  const around = [owner, owner?.parent()].flatMap((node) => (node ? named(node) : []));
  for (const other of around) {
    const controller = other.kind() === 'decorator' ? named(other)[0] : undefined;
    if (controller?.kind() !== 'call_expression' || !CONTROLLERS.test(fieldText(controller, 'function'))) continue;
    return found(method === 'all' ? '*' : method, joinedRoute(prefixOf(argumentsOf(controller)[0]), literal(argumentsOf(call)[0]) ?? ''));
  }
  return [];
};

const prefixOf = (argument: SgNode | undefined): string => {
  if (argument?.kind() !== 'object') return literal(argument) ?? '';
  const path = named(argument).find((pair) => pair.kind() === 'pair' && fieldText(pair, 'key') === 'path');
  return literal(path?.field('value')) ?? '';
};
