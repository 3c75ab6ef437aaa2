/** Endpoints that a file has by its place: route handlers of Next, SvelteKit and the like. */
import type { FoundSymbol } from './source/source-facts.ts';
import { endpointName } from './source/endpoint-name.ts';

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']);
const NEXT_APP = /(?:^|\/)app((?:\/[^/]+)*)\/route\.[cm]?[jt]sx?$/;
const NEXT_PAGES = /(?:^|\/)pages(\/api(?:\/[^/]+)*)\.[cm]?[jt]sx?$/;
const SVELTE = /(?:^|\/)routes((?:\/[^/]+)*)\/\+server\.[jt]s$/;

export const fileEndpoints = (path: string, symbols: readonly FoundSymbol[]): readonly FoundSymbol[] => {
  const route = NEXT_APP.exec(path)?.[1] ?? SVELTE.exec(path)?.[1];
  if (route !== undefined) {
    return symbols.flatMap(({ name, kind, line, isExported }) => (isExported && METHODS.has(name) && (kind === 'function' || kind === 'constant') ? endpoint(name, routeText(route), line) : []));
  }
  const page = NEXT_PAGES.exec(path)?.[1];
  return page === undefined ? [] : endpoint('*', routeText(page.replace(/\/index$/, '')), 1);
};

const endpoint = (method: string, route: string, line: number): readonly FoundSymbol[] => {
  const name = endpointName(method, route);
  return name === undefined ? [] : [{ name, kind: 'endpoint', line, isExported: true, bases: [] }];
};

/** `[id]` is a parameter, `(group)` is no part of the path. */
const routeText = (route: string): string =>
  route
    .split('/')
    .filter((part) => !/^\(.*\)$/.test(part))
    .map((part) => part.replaceAll(/\[+(?:\.\.\.)?([^\][]+)\]+/g, ':$1'))
    .join('/');
