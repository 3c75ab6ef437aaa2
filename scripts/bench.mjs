/**
 * Runs the benchmarks: `node scripts/bench.mjs [name…] [--quick]`, all of `bench/*.ts` unless named. Each is a
 * program of its own that prints a table and writes `bench/results/<name>.json`; it runs from the project's root.
 * Options go to every one of them; `--quick` is for small sizes, to see that they work.
 *
 * They are compiled first, because Node 20 runs no TypeScript.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, 'dist', '.bench');

const known = readdirSync(join(root, 'bench'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => basename(file, '.ts'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const names = named.length > 0 ? named : known;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}: there are ${known.join(', ')}`);
  process.exit(1);
}

/** Ends this program with the other's exit code when it fails. */
const run = (args) => {
  const { status, signal, error } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) {
    console.error(`${args.join(' ')} ended with ${signal ?? `code ${status}`}`);
    process.exit(status ?? 1);
  }
};

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const project = join(out, 'tsconfig.json');
const compilerOptions = { noEmit: false, rootDir: root, outDir: out, sourceMap: true, incremental: false };
// Programs that are started by their path are imported by nobody.
const include = [join(root, 'bench', '**', '*.ts'), join(root, 'planner', 'parsing', 'parser-main.ts')];
writeFileSync(project, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include }));
run([join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', project]);
// A client that rebuilds old events replays the workflows.
copyFileSync(join(root, 'dist', 'workflow-bundle.js'), join(out, 'workflow-bundle.js'));
for (const name of names) run(['--enable-source-maps', join(out, 'bench', `${name}.js`), ...options]);
