/** JSON pointers (RFC 6901). */
import type { Path } from '../read/source.ts';

/** `/tasks/0/title`; the empty text is the whole document. */
export const pointerOf = (path: Path): string => path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/** Whether one points at the other, or at what holds it. */
export const holds = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(`${outer}/`);
