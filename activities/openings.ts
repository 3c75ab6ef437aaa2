/** When the windows of an execution are open: an activity, because time zones are the machine's data and change. */
import type { Activities } from '../model/activity.ts';
import { openingsOf } from '../planner/resources/openings.ts';

export const computeOpenings: Activities['computeOpenings'] = ({ calendars, from }) =>
  Promise.resolve(Object.fromEntries(calendars.map((calendar) => [calendar.name, openingsOf(calendar, from)])));
