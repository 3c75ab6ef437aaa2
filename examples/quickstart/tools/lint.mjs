// A small linter for this workspace: rules that need no parser, each finding with its place.
// Usage: node tools/lint.mjs DIR...   Exit code 1 when there are findings.
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_LINE = 120;
const library = (file) => file.startsWith('packages/slug/src/');
const test = (file) => file.includes('/test/');

/** Each answers what is wrong with a line, or nothing. */
const RULES = new Map([
  ['line-length', (line) => line.length > MAX_LINE && `longer than ${MAX_LINE} characters`],
  ['trailing-space', (line) => /\s$/.test(line) && 'ends with white space'],
  ['no-tabs', (line) => line.includes('\t') && 'holds a tab'],
  ['no-any', (line) => /[:<,]\s*any\b|\bas any\b/.test(line) && 'uses any'],
  ['no-var', (line) => /^\s*var\s/.test(line) && 'uses var'],
  ['equality', (line) => /[\w)\]] [!=]= [\w('"]/.test(line) && 'compares loosely'],
  ['no-only', (line, file) => test(file) && /\.only\(/.test(line) && 'runs one test only'],
  ['node-prefix', (line) => /from '(?:fs|path|url|child_process)/.test(line) && 'lacks node:'],
  ['no-output', (line, file) => library(file) && /\b(?:console|process\.std)/.test(line) && 'writes output'],
]);

const filesUnder = async (root) =>
  (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(?:ts|mjs)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !/(?:^|\/)(?:dist|node_modules)\//.test(file))
    .sort();

const findingsIn = async (file) => {
  const lines = (await readFile(file, 'utf8')).split('\n');
  const found = [];
  for (const [at, line] of lines.entries()) {
    for (const [rule, find] of RULES) {
      const message = find(line, file);
      if (message) found.push({ file, line: at + 1, rule, message });
    }
  }
  return found;
};

const roots = process.argv.slice(2);
const files = (await Promise.all(roots.map(filesUnder))).flat();
const findings = (await Promise.all(files.map(findingsIn))).flat();
for (const { file, line, rule, message } of findings) console.error(`${file}:${line}: ${message} (${rule})`);
console.log(`${files.length} files, ${findings.length} findings`);

await mkdir('reports', { recursive: true });
await writeFile('reports/lint.json', `${JSON.stringify({ files: files.length, findings }, undefined, 2)}\n`);
const metrics = process.env['TASKS_METRICS_FILE'];
if (metrics) await appendFile(metrics, `lint_findings ${findings.length}\nlint_files ${files.length}\n`);
process.exitCode = findings.length > 0 ? 1 : 0;
