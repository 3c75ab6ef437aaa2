/** A process of its own that starts a server bound to it, so that a test can end the parent as it likes. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { DevServerInfo } from '../../../client/dev/state.ts';

const DIST = join(import.meta.dirname, '../../../dist/client/dev');

/** A process of plain Node runs the build, not the sources: `npm run build` comes first. */
export const isBuilt = existsSync(join(DIST, 'server.js'));

/** Goes on until its standard input ends, and then ends without stopping the server. */
const SCRIPT = `
const [server, config] = process.argv.slice(1);
const { startDev } = await import(server);
const { loadDevConfig } = await import(config);
const settings = { ...(await loadDevConfig()), ports: { grpc: 'auto', ui: 'auto' } };
const { info } = await startDev({ config: settings, lifetime: 'parent' });
console.log(JSON.stringify(info));
process.stdin.resume();
`;

export interface Embedded extends AsyncDisposable {
  readonly parent: ChildProcess;
  readonly info: DevServerInfo;
}

export const embedServer = async (): Promise<Embedded> => {
  const modules = ['server.js', 'config.js'].map((name) => pathToFileURL(join(DIST, name)).href);
  const parent = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, ...modules], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((settle) => {
    parent.once('exit', () => settle());
  });
  for await (const line of createInterface({ input: parent.stdout })) {
    const info = JSON.parse(line) as DevServerInfo;
    return {
      parent,
      info,
      [Symbol.asyncDispose]: async () => {
        parent.kill('SIGKILL');
        await ended;
      },
    };
  }
  throw new Error('the parent ended before its server answered');
};
