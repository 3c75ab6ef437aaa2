/** What is known of shell commands: less rather than more. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../../planner/preflight/shell/parse-command.ts';

/** `name args… [@directory]`, with `!` before those that decide; `?` stands for what only the shell knows. */
const callsOf = (text: string): readonly string[] | undefined =>
  parseCommand(text)?.calls.map(({ name, args, directory, decides }) => `${decides ? '!' : ''}${[name, ...args.map((arg) => arg ?? '?')].join(' ')}${directory === '.' ? '' : ` @${directory ?? '?'}`}`);
const usesOf = (text: string): readonly string[] | undefined => parseCommand(text)?.uses.map(({ name, isRequired }) => (isRequired ? `${name}!` : name));

describe('calls', () => {
  test.each<[string, readonly string[] | undefined]>([
    ['npm run build', ['!npm run build']],
    [`node -e 'a b' "c d"`, ['!node -e a b c d']],
    ['a && b', ['!a', '!b']],
    ['a || b', ['a', 'b']],
    ['a && b || true', ['a', 'b', 'true']],
    ['a; b', ['a', '!b']],
    ['a & b', ['a', '!b']],
    ['b &', ['b']],
    ['a\nb', ['a', '!b']],
    ['set -e; a; b', ['set -e', '!a', '!b']],
    ['set -e; a && b; c', ['set -e', 'a', '!b', '!c']],
    ['set -o errexit; a; b', ['set -o errexit', '!a', '!b']],
    ['a | b', ['a', '!b']],
    ['! a', ['a']],
    ['if a; then b; else c; fi', ['a', 'b', 'c']],
    ['while a; do b; done', ['a', 'b']],
    ['for i in 1 2; do a $i; done', ['a ?']],
    ['case $X in a) b;; esac', ['b']],
    ['f() { a; }; f; b', ['a', '!b']],
    ['exit 0; a', ['exit 0', 'a']],
    ['{ exit 0 && a; }; b', ['exit 0', 'a', 'b']],
    ['(cd x && a) && b', ['!cd x', '!a @x', '!b']],
    ['cd x && cd y && a', ['!cd x', '!cd y @x', '!a @x/y']],
    ['cd "$X" && a', ['!cd ?', '!a @?']],
    ['cd /x && a', ['!cd /x', '!a @?']],
    ['{ cd x; a; }', ['cd x', '!a @x']],
    ['if a; then cd x; fi; b', ['a', 'cd x', '!b @?']],
    ['cd x | a; b', ['cd x', '!a'].map((call) => call.replace('!', '')).concat('!b')],
    ['a "$(b c)"', ['b c @?', '!a ?']],
    ['X=1 a', ['!a']],
    ['X=1', []],
    ['$X a', []],
    ['"$X" a; b', ['!b']],
    ['a ~/x *.ts {b,c}', ['!a ? ? ?']],
    ['a > "$(b)"', ['b @?', '!a']],
    ['cat <<EOF\n$(a)\nEOF', ['a @?', '!cat']],
    ['if a; then', undefined],
    ['a "b', undefined],
    ['', []],
  ])('%s', (text, calls) => {
    expect(callsOf(text)).toEqual(calls);
  });
});

describe('variables that are read and not set', () => {
  test.each<[string, readonly string[] | undefined]>([
    ['a $X "${Y}"', ['X', 'Y']],
    [`a '$X' \\$Y`, []],
    ['a ${X:-1} ${Y-1} ${Z:+1} ${V:=1}', []],
    ['a ${X:?} ${Y?no}', ['X!', 'Y!']],
    ['set -u; a $X ${Y:-1}', ['X!']],
    ['set -eu; a $X', ['X!']],
    ['X=1; a $X', []],
    ['export X=1 Y; a $X $Y', ['Y']],
    ['for X in 1; do a $X; done', []],
    ['while read -r X Y; do a $X $Y; done', []],
    ['a $1 $? $$ $@ $# ${#} $!', []],
    ['a ${#X} ${Y%.ts} ${Z[0]}', ['X', 'Y', 'Z']],
    ['[ -n "$X" ] && a "$X"', []],
    ['test -z $X || a $X', []],
    ['[[ -v Y && $X == 1 ]] && a $X', []],
    ['case $X in 1) a;; esac', []],
    ['a $((X + 1)); b $X', []],
    ['((X = 1)); b $X', []],
    ['cat <<EOF\n$X\nEOF', ['X']],
    [`cat <<'EOF'\n$X\nEOF`, []],
    ['a "$(b $X)"', ['X']],
    ['X=$Y a', ['Y']],
    ['a > $X', ['X']],
    ['a ${!X}', []],
    ['a ${X:-$Y}', ['Y']],
  ])('%s', (text, uses) => {
    expect(usesOf(text)).toEqual(uses);
  });
});

test.each<[string, { isOpaque?: boolean; changesPath?: boolean }]>([
  ['. ./env.sh && a', { isOpaque: true }],
  ['source env.sh', { isOpaque: true }],
  ['eval "$X"', { isOpaque: true }],
  ['PATH=$PATH:bin a', { changesPath: true }],
  ['export PATH=x; a', { changesPath: true }],
  ['a; b', {}],
])('what leaves nothing to be known: %s', (text, wanted) => {
  expect(parseCommand(text)).toMatchObject({ isOpaque: false, changesPath: false, ...wanted });
});

const run = promisify(execFile);
/** The end of each call is its name: `t` is well, `f` is not. */
const simple = fc.constantFrom('t', 'f');
const { command } = fc.letrec<{ command: string }>((tie) => ({
  command: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'command' },
    simple,
    fc.tuple(tie('command'), fc.constantFrom(' && ', ' || ', '; ', ' | ', ' & '), tie('command')).map((parts) => parts.join('')),
    tie('command').map((inner) => `( ${inner} )`),
    tie('command').map((inner) => `{ ${inner}; }`),
    fc.tuple(tie('command'), tie('command')).map(([one, other]) => `if ${one}; then ${other}; fi`),
    tie('command').map((inner) => `set -e; ${inner}`),
    simple.map((inner) => `( ! ${inner} )`),
    fc.constant('exit 0'),
  ),
}));

test('a call that decides: when it fails, so does the command, as the shell itself says', async () => {
  await fc.assert(
    fc.asyncProperty(command, async (text) => {
      // Every call gets a name of its own.
      let count = 0;
      const named = text.replaceAll(/\b[tf]\b/gu, (end) => `${end}${count++}`);
      const calls = parseCommand(named)?.calls ?? expect.fail(named);
      for (const { name } of calls.filter((call) => call.decides && /^[tf]\d/u.test(call.name))) {
        const functions = Array.from({ length: count }, (_, at) => `t${at}() { return 0; }; f${at}() { return 1; };`).join(' ');
        const ended = await run('/bin/sh', ['-c', `${functions} ${name}() { return 127; }; ${named}`]).then(() => 0, () => 1);
        expect([named, name, ended]).toEqual([named, name, 1]);
      }
    }),
    { numRuns: 150 },
  );
});
