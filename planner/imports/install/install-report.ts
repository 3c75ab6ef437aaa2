/** What an install was asked for and what became of it. */
import type { Problem } from '../../../model/problem.ts';
import type { Finding } from '../missing.ts';
import type { Project } from '../project/find-project.ts';
import type { Environment } from './run-tool.ts';

export interface InstallRequest {
  readonly project: Project;
  /** What to install; of several ecosystems. */
  readonly findings: readonly Finding[];
  /** Packages run no scripts of their own while they are installed. */
  readonly ignoreScripts?: boolean;
  readonly environment: Environment;
  /** Stops the package manager; the manifests are put back. */
  readonly signal?: AbortSignal;
  /** What is being done, in a line. */
  readonly onProgress?: (line: string) => void;
}

export interface Installed {
  readonly finding: Finding;
  /** What was installed: the finding's package, or where its types are. */
  readonly name: string;
  /** As it was written into the manifest, or as it was asked for. */
  readonly range: string;
  /** The file that declares it now; undefined when it was installed and nothing declares it yet. */
  readonly manifest?: string;
}

export interface InstallReport {
  readonly installed: readonly Installed[];
  /** What is still missing: each with why. */
  readonly unavailable: readonly { readonly finding: Finding; readonly problem: Problem }[];
}
