/** Where the launcher's program lies: beside this module, or in `dist/` when we run from TypeScript sources. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const launcherEntry = (moduleUrl: string = import.meta.url): string => {
  const fromSource = moduleUrl.endsWith('.ts');
  const entry = fileURLToPath(
    new URL(fromSource ? '../../../dist/activities/command/launcher/launcher-main.js' : './launcher-main.js', moduleUrl),
  );
  if (!existsSync(entry)) throw new Error(`The launcher's program is missing: ${entry}. Run "npm run build" first.`);
  return entry;
};
