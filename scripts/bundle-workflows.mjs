// Bundles the workflows once, at build time, so that a worker starts without webpack.
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const root = new URL('../', import.meta.url);
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('dist/workflows/index.js', root)),
  workflowInterceptorModules: [fileURLToPath(new URL('dist/workflows/interceptors.js', root))],
  logger: { log() {}, trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error },
});
await mkdir(new URL('dist/', root), { recursive: true });
await writeFile(new URL('dist/workflow-bundle.js', root), code);
const { version } = createRequire(import.meta.url)('../package.json');
console.error(`workflow bundle of version ${version}: ${(code.length / 1024).toFixed(0)} KB with its source map`);
