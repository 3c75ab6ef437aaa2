/** Addresses of providers. */

/** Below the path that the address has already. */
export const endpoint = (base: URL, path: string): URL => new URL(path, base.href.endsWith('/') ? base.href : `${base.href}/`);

export const isAt = (url: URL, usual: string): boolean => url.href.replace(/\/$/, '') === usual;

/** The model, and where it is unless that is the usual place: the same name elsewhere is another model. */
export const variantOf = (model: string, url: URL, usual: string): string => (isAt(url, usual) ? model : `${model} at ${url.origin}${url.pathname}`);

/** This machine. */
export const isLocal = ({ hostname }: URL): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
