/** Where the build puts the bundled workflows. */
import { existsSync } from 'node:fs';
import { TasksError } from '../model/problem.ts';

/** From the build the bundle is one level up, from the sources it is in `dist`. */
export const workflowBundlePath = (): URL => {
  const places = [new URL('../workflow-bundle.js', import.meta.url), new URL('../dist/workflow-bundle.js', import.meta.url)];
  const found = places.find((place) => existsSync(place));
  if (found) return found;
  throw new TasksError({ code: 'TASKS2007', message: 'the bundled workflows are missing from this installation', hint: '`npm run build` makes them.' });
};
