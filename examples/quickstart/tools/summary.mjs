// What came out of the run: the packages with their hashes, the findings, the figures. Writes build/summary.json.
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const PACKAGES = 'build/packages';
// What failed or was skipped before left no report: this is written all the same.
const json = async (file) => readFile(file, 'utf8').then(JSON.parse, () => undefined);

const packages = [];
for (const name of (await readdir(PACKAGES)).filter((file) => file.endsWith('.tgz')).sort()) {
  const content = await readFile(join(PACKAGES, name));
  packages.push({ name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
}
const lint = await json('reports/lint.json');
const bench = await json('reports/bench.json');
const summary = {
  packages,
  lint: lint && { files: lint.files, findings: lint.findings.length },
  titles_per_second: bench?.titles_per_second,
};
await writeFile('build/summary.json', `${JSON.stringify(summary, undefined, 2)}\n`);
for (const { name, bytes, sha256 } of packages) console.log(`${name}  ${bytes} bytes  ${sha256.slice(0, 12)}`);
