/** The playbooks that there always are; a plan's own of the same name take their place. */
import { INSTALL_PLAYBOOK } from '../../model/breaker.ts';
import type { Playbook } from '../../model/healing.ts';

/** `TASKS_NODE` and `TASKS_CLI` are the worker's own: the same version of Node and of this program, wherever it is installed. */
const CLI = '"$TASKS_NODE" "$TASKS_CLI"';

export const BUILT_IN_PLAYBOOKS: readonly Playbook[] = [
  {
    name: INSTALL_PLAYBOOK,
    description: 'Installs, at once and for all workspaces, what their sources import and their manifests do not name.',
    variables: {},
    steps: [{ name: 'install', command: `${CLI} missing-deps --install`, timeoutMs: 15 * 60_000 }],
  },
];
