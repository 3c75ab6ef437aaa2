/** Words that mean something to a shell, or bring programs with them. */
import type { Call } from '../shell/shell-command.ts';

/** Of POSIX shells, and of Bash, which some systems have as `/bin/sh`. */
export const BUILT_IN: ReadonlySet<string> = new Set(
  '. : [ alias bg break builtin caller cd chdir command compgen complete continue declare dirs disown echo enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait'.split(' '),
);

/** What they are told to do may put programs on the path. */
export const INSTALLERS: ReadonlySet<string> = new Set(
  'apk apt apt-get asdf bash brew bun cargo choco composer conda corepack cp curl dnf docker dpkg fnm gem go install ln make mamba mise mv nix nix-env node npm npx pacman pip pip3 pipx pnpm poetry python python3 rpm rustup sh snap sudo tar unzip uv volta wget yarn yum zypper'.split(' '),
);

/** Without options of their own they run what follows. */
const WRAPPERS: ReadonlySet<string> = new Set(['exec', 'command', 'nohup', 'env', 'builtin']);

/** What is run in the end; undefined where that cannot be told. */
export const realCall = (call: Call): Call | undefined => {
  if (!WRAPPERS.has(call.name)) return call;
  const [name, ...args] = call.args;
  // A question, such as `command -v`, or an option.
  if (name === undefined || name.startsWith('-') || name.includes('=')) return undefined;
  return realCall({ ...call, name, args });
};
