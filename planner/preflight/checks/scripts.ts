/** What a call of a script comes to: the script's own text, or that there is none. */
import { join } from 'node:path/posix';
import { staysInside } from '../../read/inside.ts';
import { Programs } from '../files.ts';
import type { Call } from '../shell/shell-command.ts';
import type { Manifest } from './manifests.ts';
import { Manifests } from './manifests.ts';
import { scriptCall } from './npm-call.ts';

export interface FoundScript {
  readonly kind: 'found';
  readonly manifest: Manifest;
  readonly script: string;
  readonly text: string;
}

export interface MissingScript {
  readonly kind: 'missing';
  readonly script: string;
  /** The manifest that lacks it; undefined when there is none. */
  readonly manifest: Manifest | undefined;
  /** Where it was looked for, relative to the plan's workspace. */
  readonly directory: string;
  /** A workspace that the manifest does not have. */
  readonly workspace?: string;
}

export class Scripts {
  readonly #manifests: Manifests;
  readonly #programs = new Programs(undefined);
  readonly #workspace: string;

  constructor(workspace: string) {
    this.#workspace = workspace;
    this.#manifests = new Manifests(workspace);
  }

  /** `from`: where the command starts, relative to the plan's workspace. Undefined for what runs no script, or nobody can tell. */
  async of(call: Call, from: string): Promise<FoundScript | MissingScript | undefined> {
    const wanted = scriptCall(call);
    if (!wanted || call.directory === undefined || wanted.prefix?.startsWith('/')) return undefined;
    const directory = join(from, call.directory, wanted.prefix ?? '.').replace(/\/+$/u, '');
    if (directory !== '.' && !staysInside(directory)) return undefined;
    const { script, workspace, takesPrograms } = wanted;
    const root = await this.#manifests.above(directory);
    if (!root) return { kind: 'missing', script, manifest: undefined, directory };
    const manifest = workspace === undefined ? root : await this.#manifests.member(root, workspace);
    if (!manifest) return { kind: 'missing', script, manifest: root, directory, ...(workspace !== undefined && { workspace }) };
    const text = manifest.scripts.get(script);
    if (text !== undefined) return { kind: 'found', manifest, script, text };
    const isProgram = takesPrograms && (await this.#programs.has(`./node_modules/.bin/${script}`, join(this.#workspace, manifest.directory)));
    return isProgram ? undefined : { kind: 'missing', script, manifest, directory };
  }
}
