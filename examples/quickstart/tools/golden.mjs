// Compares the slugs of data/titles.txt with those recorded in build/golden.json. Where there are none, or other
// ones, it records them and fails, so that a new record never passes unseen: the next run passes.
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';

const RECORD = 'build/golden.json';
const args = ['packages/slugs-cli/dist/main.js', 'data/titles.txt'];
const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
if (status !== 0) {
  console.error(stderr);
  process.exit(status ?? 1);
}
const recorded = await readFile(RECORD, 'utf8').catch(() => undefined);
const attempt = process.env['TASKS_ATTEMPT'] ?? '1';
if (recorded === stdout) {
  console.log(`attempt ${attempt}: ${Object.keys(JSON.parse(stdout)).length} slugs are as recorded`);
} else {
  await mkdir('build', { recursive: true });
  await writeFile(RECORD, stdout);
  const why = recorded === undefined ? 'there was no record' : 'the slugs differ from the record';
  console.error(`attempt ${attempt}: ${why}; ${RECORD} is written, run it again`);
  process.exitCode = 1;
}
