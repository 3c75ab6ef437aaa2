/** What each check finds and, as much, what it leaves alone. */
import { describe, expect, test } from 'vitest';
import { look, short } from './looking.ts';
import type { Setting } from './looking.ts';

interface Case extends Setting {
  readonly name: string;
  readonly finds: readonly string[];
}

const found = async (setting: Setting): Promise<readonly string[]> => (await look(setting)).findings.map(short);
const manifest = (scripts: Readonly<Record<string, string>>, more: object = {}): string => JSON.stringify({ name: 'it', scripts, ...more });
const declared = { artifacts: ['out/**'] };

describe('order: work that tidies up comes after work that gives things their shape', () => {
  const move = { id: 'P1.T001', title: 'Move apps', cmd: 'git mv web apps/web', artifacts: ['apps/web/**'] };

  test.each<Case>([
    { name: 'spec/000: a file that is updated speaks of what is moved', files: { '.gitignore': 'apps/web/dist\n' }, tasks: [move, { id: 'P1.T026', title: 'Update gitignore', cmd: 'true', artifacts: ['.gitignore'] }], finds: ['TASKS1501 certain P1.T026: P1.T001~P1.T026'] },
    { name: 'spec/000: a cleanup that says nothing of itself is flagged', tasks: [move, { id: 'cleanup', cmd: 'true' }], finds: ['TASKS1501 likely cleanup'] },
    { name: 'what is not there yet, and is made by the other, is needed', tasks: [move, { id: 'fix-lint', directory: 'apps/web', cmd: 'true' }], finds: ['TASKS1501 certain fix-lint: P1.T001>fix-lint', 'TASKS1506 certain fix-lint: P1.T001>fix-lint'] },
    { name: 'what is there is a matter of order', files: { 'apps/web/a.js': '' }, tasks: [move, { id: 'fix', title: 'Fix lint', cmd: 'node fix.js apps/web/a.js' }], finds: ['TASKS1501 certain fix: P1.T001~fix'] },
    { name: 'only the last of those that follow one another', tasks: [move, { id: 'rename', deps: ['P1.T001'], cmd: 'mv apps/web apps/site' }, { id: 'docs', cmd: 'node x.js apps/web' }], finds: ['TASKS1501 certain docs: rename~docs'] },
    { name: 'the first word of the title tells: this one creates', tasks: [move, { id: 'x', title: 'Create docs', cmd: 'true' }], finds: [] },
    { name: 'who waits for something has been thought of', tasks: [move, { id: 'a', cmd: 'true' }, { id: 'cleanup', deps: ['a'], cmd: 'true' }, { id: 'fix', soft_deps: ['a'], cmd: 'true' }], finds: [] },
    { name: 'without structural work there is nothing to follow on', tasks: [{ id: 'cleanup', cmd: 'true' }, { id: 'fix', cmd: 'true' }], finds: [] },
    { name: 'nothing that comes after it comes before it', tasks: [{ id: 'cleanup', cmd: 'rm apps/web' }, { ...move, deps: ['cleanup'] }], finds: [] },
    { name: 'sentinels are none of it', tasks: [move], policies: { sentinels: { checks: { fix: 'true' } } }, finds: [] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });
});

describe('directories', () => {
  test.each<Case>([
    { name: 'one that is there', files: { 'app/': '' }, tasks: [{ id: 'a', directory: 'app', cmd: 'ls' }], finds: [] },
    { name: 'one that is not, and nobody can have made', tasks: [{ id: 'a', directory: 'app', cmd: 'ls' }], finds: ['TASKS1506 certain a'] },
    { name: 'somebody before may have made it', tasks: [{ id: 'b', cmd: 'make' }, { id: 'a', deps: ['b'], directory: 'app', cmd: 'ls' }], finds: ['TASKS1506 likely a'] },
    { name: 'a person may have', tasks: [{ id: 'b', executor: 'human' }, { id: 'a', deps: ['b'], directory: 'app', cmd: 'ls' }], finds: ['TASKS1506 likely a'] },
    { name: 'somebody before says that it writes elsewhere', tasks: [{ id: 'b', cmd: 'make', ...declared }, { id: 'a', deps: ['b'], directory: 'app', cmd: 'ls' }], finds: ['TASKS1506 certain a'] },
    { name: 'somebody before names it', tasks: [{ id: 'b', cmd: 'mkdir app' }, { id: 'a', deps: ['b'], directory: 'app', cmd: 'ls' }], finds: [] },
    { name: 'somebody makes it, and is not waited for', tasks: [{ id: 'b', cmd: 'make', artifacts: ['app/x'] }, { id: 'a', directory: 'app', cmd: 'ls' }], finds: ['TASKS1506 certain a: b>a'] },
    { name: 'workers elsewhere may have it', tasks: [{ id: 'a', directory: 'app', cmd: 'ls' }], here: false, finds: ['TASKS1506 likely a'] },
    { name: 'a person works where they like', tasks: [{ id: 'a', directory: 'app', executor: 'human' }], finds: [] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });
});

describe('inputs', () => {
  const reader = (path: string, more: object = {}) => ({ id: 'a', cmd: 'cat x', files_scope: { reads: [path] }, ...more });
  const writer = (path: string, more: object = {}) => ({ id: 'w', cmd: 'make', files_scope: { writes: [path] }, ...more });

  test.each<Case>([
    { name: 'a file that is there', files: { 'in.json': '' }, tasks: [reader('in.json')], finds: [] },
    { name: 'one that is not', tasks: [reader('in.json')], finds: ['TASKS1507 likely a'] },
    { name: 'one that somebody before writes', tasks: [writer('data/**'), reader('data/in.json', { deps: ['w'] })], finds: [] },
    { name: 'one that somebody writes who is not waited for', tasks: [writer('data/**'), reader('data/in.json')], finds: ['TASKS1507 certain a: w>a'] },
    { name: 'two that need one another contradict themselves', tasks: [{ id: 'a', cmd: 'make', files_scope: { reads: ['x'], writes: ['y'] } }, { id: 'b', cmd: 'make', files_scope: { reads: ['y'], writes: ['x'] } }], finds: ['TASKS1507 certain a: b>a', 'TASKS1507 certain b'] },
    { name: 'of a pattern the part that is fixed', files: { 'src/': '' }, tasks: [reader('src/**/*.ts'), reader('lib/*.ts', { id: 'b' }), reader('**/*.md', { id: 'c' })], finds: ['TASKS1507 likely b'] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });
});

describe('programs', () => {
  const one = (cmd: string, more: object = {}) => [{ id: 'a', cmd, ...more }];

  test.each<Case>([
    { name: 'on the path', tasks: one('ls && node x.js'), finds: [] },
    { name: 'not on the path', tasks: one('nowhere x'), finds: ['TASKS1502 certain a'] },
    { name: 'built into the shell', tasks: one('cd . && echo x && true; [ -n x ] && exit 0'), finds: [] },
    { name: 'whose failure is no failure', tasks: one('nowhere || true'), finds: ['TASKS1502 likely a'] },
    { name: 'not reached perhaps', tasks: one('if ls; then nowhere; fi'), finds: ['TASKS1502 likely a'] },
    { name: 'asked for first', tasks: one('command -v nowhere'), finds: [] },
    { name: 'installed just before', tasks: one('npm install -g nowhere && nowhere'), finds: ['TASKS1502 likely a'] },
    { name: 'installed by a task before', tasks: [{ id: 'b', cmd: 'curl -sSf x' }, { id: 'a', deps: ['b'], cmd: 'nowhere' }], finds: ['TASKS1502 likely a'] },
    { name: 'after an install that follows the lock file', tasks: [{ id: 'b', cmd: 'npm ci' }, { id: 'a', deps: ['b'], cmd: 'nowhere' }], finds: ['TASKS1502 certain a'] },
    { name: 'a function of the command', tasks: one('nowhere() { true; }; nowhere'), finds: [] },
    { name: 'a path of its own', tasks: one('PATH=$PATH:x nowhere; . ./env; other'), finds: [] },
    { name: 'a command that is not understood', tasks: one('nowhere "'), finds: [] },
    { name: 'wherever only some workers are', tasks: one('nowhere', { capabilities: ['gpu'] }), finds: ['TASKS1502 likely a'] },
    { name: 'a script that is there', files: { 'tool.sh': '#!/bin/sh\n' }, tasks: one('./tool.sh'), finds: [] },
    { name: 'a script that is not', tasks: one('./tool.sh'), finds: ['TASKS1502 certain a'] },
    { name: 'a script beside the task', files: { 'app/tool.sh': '#!/bin/sh\n' }, tasks: [...one('./tool.sh', { directory: 'app' }), { id: 'b', cmd: 'cd app && ./tool.sh' }], finds: [] },
    { name: 'a script that is made first', tasks: one('make && ./tool.sh'), finds: ['TASKS1502 likely a'] },
    { name: 'a script that a task before makes', tasks: [{ id: 'b', cmd: 'make', artifacts: ['tool.sh'] }, { id: 'a', deps: ['b'], cmd: './tool.sh' }], finds: [] },
    { name: 'of a smoke test', tasks: [{ id: 'a', cmd: 'ls', smoke: 'nowhere' }], finds: ['TASKS1502 likely a'] },
    { name: 'of a sentinel', tasks: one('ls'), policies: { sentinels: { checks: { lint: 'nowhere' } } }, finds: ['TASKS1502 certain SENTINEL.D0.lint'] },
    { name: 'in a package script, among the programs of its packages', files: { 'package.json': manifest({ build: 'bundle .' }), 'node_modules/.bin/bundle': '#!/bin/sh\n' }, tasks: one('npm run build'), finds: [] },
    { name: 'in a package script, and not there', files: { 'package.json': manifest({ build: 'bundle .' }) }, tasks: one('npm run build'), finds: ['TASKS1502 certain a'] },
    { name: 'in a package script, and installed before', files: { 'package.json': manifest({ build: 'bundle .' }) }, tasks: one('npm ci && npm run build'), finds: [] },
    { name: 'in a package script, and not among what is installed', files: { 'package.json': manifest({ build: 'bundle .' }), 'node_modules/.bin/': '' }, tasks: one('npm ci && npm run build'), finds: ['TASKS1502 likely a'] },
    { name: 'in a script of a script', files: { 'package.json': manifest({ all: 'npm run build && ls', build: 'bundle .' }) }, tasks: one('npm run all'), finds: ['TASKS1502 certain a'] },
    { name: 'scripts that run themselves come to an end', files: { 'package.json': manifest({ a: 'npm run b', b: 'npm run a' }) }, tasks: one('npm run a'), finds: [] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });
});

describe('package scripts', () => {
  const files = { 'package.json': manifest({ build: 'ls', test: 'ls' }, { workspaces: ['apps/*'] }), 'apps/web/package.json': JSON.stringify({ name: '@it/web', scripts: { lint: 'ls' } }), 'apps/web/src/': '' };
  const one = (cmd: string, more: object = {}) => [{ id: 'a', cmd, ...more }];

  test.each<Case>([
    { name: 'one that is there', files, tasks: one('npm run build && npm test && npm run -s build -- --x'), finds: [] },
    { name: 'one that is not', files, tasks: one('npm run biuld'), finds: ['TASKS1503 certain a'] },
    { name: 'in a workspace, by directory', files, tasks: one('npm -w apps/web run lint'), finds: [] },
    { name: 'in a workspace, by name', files, tasks: one('npm run lint --workspace=@it/web'), finds: [] },
    { name: 'in a workspace that does not have it', files, tasks: one('npm -w apps/web run build'), finds: ['TASKS1503 certain a'] },
    { name: 'a workspace that is not there', files, tasks: one('npm -w apps/nowhere run build'), finds: ['TASKS1503 certain a'] },
    { name: 'by prefix', files, tasks: one('npm --prefix apps/web run lint'), finds: [] },
    { name: 'from the directory of the task, or below it', files, tasks: [...one('npm run lint', { directory: 'apps/web' }), { id: 'b', cmd: 'cd apps/web/src && npm run lint' }], finds: [] },
    { name: 'options that nobody here knows', files, tasks: one('npm run nowhere --if-present; npm run nowhere --new-option x; npm $X run nowhere'), environment: { X: '' }, finds: [] },
    { name: 'yarn takes programs', files: { ...files, 'node_modules/.bin/tool': '#!/bin/sh\n' }, tasks: one('yarn run tool'), finds: [] },
    { name: 'npm does not', files: { ...files, 'node_modules/.bin/tool': '#!/bin/sh\n' }, tasks: one('npm run tool'), finds: ['TASKS1503 certain a'] },
    { name: 'no package.json at all', tasks: one('npm run build'), finds: ['TASKS1503 certain a'] },
    { name: 'no package.json yet', tasks: one('npm init -y && npm run build'), finds: ['TASKS1503 likely a'] },
    { name: 'one that a task before writes', tasks: [{ id: 'b', cmd: 'make', artifacts: ['package.json'] }, { id: 'a', deps: ['b'], cmd: 'npm run build' }], finds: [] },
    { name: 'in a package that a task before makes', files, tasks: [{ id: 'b', cmd: 'make', artifacts: ['apps/new/**'] }, { id: 'a', deps: ['b'], cmd: 'npm -w apps/new run build' }], finds: [] },
    { name: 'a task before that may do anything', files, tasks: [{ id: 'b', cmd: 'make' }, { id: 'a', deps: ['b'], cmd: 'npm run biuld' }], finds: ['TASKS1503 likely a'] },
    { name: 'a script of a script', files: { 'package.json': manifest({ all: 'npm run one' }) }, tasks: one('npm run all'), finds: ['TASKS1503 certain a'] },
    { name: 'said once, as certain as can be', files, tasks: one('npm run biuld || npm run biuld; npm run biuld'), finds: ['TASKS1503 likely a'] },
    { name: 'a manifest that is none', files: { 'package.json': '[' }, tasks: one('ls'), finds: [] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });

  test('the name that was meant is told', async () => {
    const { findings } = await look({ files, tasks: one('npm run biuld') });
    expect(findings[0]).toMatchObject({ hint: 'Did you mean "build"?', message: 'task "a": cmd runs the script "biuld", which "package.json" does not have' });
  });
});

describe('variables and secrets', () => {
  const one = (cmd: string, more: object = {}) => [{ id: 'a', cmd, ...more }];

  test.each<Case>([
    { name: 'set where commands run', tasks: one('echo $X'), environment: { X: '1' }, finds: [] },
    { name: 'set by the task', tasks: one('echo $X', { env: { X: 1 } }), finds: [] },
    { name: 'set by nobody', tasks: one('echo $X'), finds: ['TASKS1504 likely a'] },
    { name: 'required', tasks: one('echo ${X:?}'), finds: ['TASKS1504 certain a'] },
    { name: 'required, elsewhere', tasks: one('echo ${X:?}'), here: false, finds: ['TASKS1504 likely a'] },
    { name: 'with a default', tasks: one('echo ${X:-1}'), finds: [] },
    { name: 'of the system and of the shell', tasks: one('echo $TASKS_ATTEMPT $PWD $PPID $?'), finds: [] },
    { name: 'in a command that is opaque', tasks: one('. ./env && echo $X'), finds: [] },
    { name: 'a secret that is handed on', tasks: one('echo $API_TOKEN', { secrets: ['API_TOKEN'] }), environment: { API_TOKEN: 'x' }, finds: [] },
    { name: 'a secret that is not set', tasks: one('echo $API_TOKEN', { secrets: ['API_TOKEN'] }), finds: ['TASKS1505 certain a'] },
    { name: 'a secret that is set and not handed on', tasks: one('echo $API_TOKEN'), environment: { API_TOKEN: 'x' }, finds: ['TASKS1504 likely a'] },
    { name: 'the same, required: wherever it runs', tasks: one('echo ${API_TOKEN:?}'), environment: { API_TOKEN: 'x' }, here: false, finds: ['TASKS1504 certain a'] },
    { name: 'read twice, told once', tasks: one('echo $X', { smoke: 'echo ${X:?}' }), finds: ['TASKS1504 certain a'] },
  ])('$name', async ({ finds, ...setting }) => {
    expect(await found(setting)).toEqual(finds);
  });

  test('no value is shown', async () => {
    const report = await look({ tasks: one('echo $API_TOKEN ${X:?}'), environment: { API_TOKEN: 'hunter2hunter2' } });
    expect(JSON.stringify(report)).not.toContain('hunter2');
  });
});

describe('packages', () => {
  const files = { 'package.json': JSON.stringify({ name: 'it', main: 'index.js', dependencies: { known: '1' } }), 'index.js': `import 'known';\nimport { a } from 'un-known';\nimport 'other';\n` };

  test('what is imported and not declared is one install, before everything else', async () => {
    const { findings, patch } = await look({ files, tasks: [{ id: 'a', cmd: 'ls' }, { id: 'b', deps: ['a'], cmd: 'ls' }] });
    expect(findings.map(short)).toEqual(['TASKS1508 certain: PREFLIGHT.install-missing-deps~a', 'TASKS1508 certain: PREFLIGHT.install-missing-deps~a']);
    expect(findings[0]).toMatchObject({ place: { line: 3 }, package: { ecosystem: 'npm', name: 'other' } });
    expect(patch).toMatchObject([{ op: 'inject_task', task: { cmd: '"$TASKS_NODE" "$TASKS_CLI" missing-deps --install --likely --only other,un-known' }, edges: [{ to: 'a', type: 'soft' }] }]);
  });

  test('a plan that has the install already gets no other', async () => {
    const { patch } = await look({ files, tasks: [{ id: 'PREFLIGHT.install-missing-deps', cmd: 'ls' }] });
    expect(patch).toEqual([]);
  });

  test('a broken manifest is a warning', async () => {
    const { findings, warnings } = await look({ files: { 'package.json': '{' }, tasks: [{ id: 'a', cmd: 'ls' }] });
    expect([findings, warnings]).toMatchObject([[], [{ code: 'TASKS5003' }]]);
  });
});
