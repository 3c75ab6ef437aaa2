/** What decides how a source is read: the programs that read it, and the grammars they use. Another one, another cache. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parserEntry } from '../../parsing/parser-entry.ts';

let known: string | undefined;

/** @throws TasksError TASKS5006 when the project was not built. */
export const analyserVersion = (): string => (known ??= compute());

const compute = (): string => {
  const hash = createHash('sha256');
  const built = dirname(dirname(parserEntry()));
  const home = join(built, 'codebase');
  const programs = [join(home, 'languages.js'), join(home, 'limits.js'), ...readdirSync(join(home, 'source')).filter((name) => name.endsWith('.js')).sort().map((name) => join(home, 'source', name))];
  for (const program of programs) hash.update(readFileSync(program));
  for (const [name, version] of Object.entries(dependencies(built))) if (name.startsWith('@ast-grep/')) hash.update(`${name}@${version}\n`);
  return hash.digest('hex').slice(0, 16);
};

/** Of the nearest package.json above. */
const dependencies = (directory: string): Readonly<Record<string, string>> => {
  for (let at = directory; dirname(at) !== at; at = dirname(at)) {
    const path = join(at, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { readonly dependencies?: Readonly<Record<string, string>> }).dependencies ?? {};
  }
  return {};
};
