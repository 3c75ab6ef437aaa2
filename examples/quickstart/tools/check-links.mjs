// Follows the relative links of Markdown files. Usage: node tools/check-links.mjs FILE...
import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

let links = 0;
let broken = 0;
for (const file of process.argv.slice(2)) {
  const text = await readFile(file, 'utf8');
  for (const [, target] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    links += 1;
    const found = await access(join(dirname(file), target)).then(() => true, () => false);
    if (found) continue;
    broken += 1;
    console.error(`${file}: ${target} is not there`);
  }
}
console.log(`${links} links, ${broken} broken`);
process.exitCode = broken > 0 ? 1 : 0;
