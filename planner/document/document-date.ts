/** The date that a document gives itself: `date:` or `created:` in its front matter, or a line such as `**Created**: 2025-10-04`. */
const HEAD = 4_000;
const STATED = /^[ \t>*_-]{0,8}(?:date|created(?: on| at)?|updated|last updated)[*_]{0,2}[ \t]{0,4}:[*_]{0,2}[ \t]{0,4}["']?(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?)?/gim;

/** ISO 8601 with time and zone (UTC unless stated), the first that is a day of the calendar. */
export const documentDate = (text: string): string | undefined => {
  for (const [, year = '', month = '', day = '', time = '00:00', zone = 'Z'] of text.slice(0, HEAD).matchAll(STATED)) {
    const clock = time.length === 5 ? `${time}:00` : time;
    const offset = /^[+-]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
    const parsed = new Date(`${year}-${month}-${day}T${clock}${offset}`);
    const isReal = !Number.isNaN(parsed.getTime()) && new Date(`${year}-${month}-${day}T00:00:00Z`).toISOString().startsWith(`${year}-${month}-${day}`);
    if (isReal) return `${year}-${month}-${day}T${clock}${offset.toUpperCase()}`;
  }
  return undefined;
};
