import { parseJsonObject, reportFromJson } from './json.ts';
import { isObject, reportOf, share, type ReportReader } from './report.ts';

/** `coverage-summary.json`, or `coverage-final.json`, whose lines are those on which a statement starts. */
export const readIstanbul: ReportReader = (text) => {
  const value = parseJsonObject(text);
  if (!value) return undefined;
  if (isObject(value['total'])) return reportFromJson(value);
  let lines = 0;
  let hit = 0;
  for (const file of Object.values(value)) {
    if (!isObject(file) || !isObject(file['statementMap']) || !isObject(file['s'])) return undefined;
    const counts = new Map<unknown, number>();
    for (const [id, place] of Object.entries(file['statementMap'])) {
      const line = isObject(place) && isObject(place['start']) ? place['start']['line'] : undefined;
      counts.set(line, Math.max(counts.get(line) ?? 0, Number(file['s'][id]) || 0));
    }
    lines += counts.size;
    for (const count of counts.values()) if (count > 0) hit += 1;
  }
  return reportOf({ coverage: share(hit, lines) });
};
