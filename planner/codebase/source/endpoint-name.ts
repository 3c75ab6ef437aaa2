/** What endpoints are called. */
import { MAX_NAME } from '../limits.ts';

/** `GET /users/:id`, or nothing when it is no path. */
export const endpointName = (method: string, path: string): string | undefined => {
  const name = `${method.toUpperCase()} ${path === '' ? '/' : path}`;
  return name.length <= MAX_NAME && /^[A-Z*]+ [^\s\p{C}]+$/u.test(name) ? name : undefined;
};

/** `/api` and `users` are `/api/users`. */
export const joinedRoute = (prefix: string, path: string): string => {
  const joined = `/${prefix}/${path}`.replaceAll(/\/{2,}/g, '/');
  return joined.length > 1 && joined.endsWith('/') ? joined.slice(0, -1) : joined;
};
