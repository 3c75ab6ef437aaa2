/** Version of this package, which worker and client state so that a mismatch can be said. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

const read = (): string => {
  // From the sources the manifest is one level up, from the build two.
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const manifest = require(path) as { name?: string; version?: string };
      if (manifest.name === 'tasks' && manifest.version) return manifest.version;
    } catch {
      // Not here: the next place is tried.
    }
  }
  return 'unknown';
};

export const VERSION: string = read();
