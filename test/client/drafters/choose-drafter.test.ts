import { describe, expect, it } from 'vitest';
import { DRAFTER_OPTIONS } from '../../../client/cli/drafter-options.ts';
import { resolveValues } from '../../../client/cli/resolve-values.ts';
import { chooseDrafter } from '../../../client/drafters/choose-drafter.ts';
import { TasksError } from '../../../model/problem.ts';
import { SECRET } from '../../planner/drafters/conformance.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const choose = (flags: Readonly<Record<string, string>>, environment: Environment = {}, project: Readonly<Record<string, unknown>> = {}) => {
  const resolved = resolveValues({
    command: { name: 'plan', group: 'Run', summary: '', arguments: [], options: DRAFTER_OPTIONS, examples: [], run: async () => 0 },
    flags: new Map(Object.entries(flags).map(([name, value]) => [name, [value]])),
    environment,
    files: [{ path: 'tasks.config.json', source: 'project file', values: new Map(Object.entries(project)) }],
  });
  if (!resolved.ok) throw new TasksError(resolved.error);
  return chooseDrafter({ values: resolved.value, environment, cwd: '/' });
};

const refusal = (...args: Parameters<typeof choose>): string => {
  try {
    choose(...args);
  } catch (error) {
    if (!(error instanceof TasksError)) throw error;
    expect(error.problems[0]?.code).toBe('TASKS3010');
    expect(JSON.stringify(error.problems)).not.toContain(SECRET);
    return error.problems[0]?.message ?? '';
  }
  throw new Error('nothing was refused');
};

const KEYS = { ANTHROPIC_API_KEY: SECRET, OPENAI_API_KEY: SECRET };

describe('the drafter that options ask for', () => {
  it('is none unless one is asked for, whatever keys there are', () => expect(choose({}, KEYS)).toBeUndefined());

  it.each([
    [{ drafter: 'anthropic', 'drafter-model': 'm' }, 'anthropic', 'm'],
    [{ drafter: 'anthropic', 'drafter-model': 'm', 'drafter-url': 'https://proxy.example/anthropic/' }, 'anthropic', 'm at https://proxy.example/anthropic/'],
    [{ drafter: 'openai-compatible', 'drafter-model': 'm', 'drafter-url': 'https://api.openai.com/v1/' }, 'openai-compatible', 'm'],
    [{ drafter: 'openai-compatible', 'drafter-model': 'm', 'drafter-url': 'http://localhost:11434/v1' }, 'openai-compatible', 'm at http://localhost:11434/v1'],
    [{ drafter: 'command', 'drafter-command': 'draft --with x' }, 'command', 'draft --with x'],
  ])('%j', (flags, name, variant) => {
    const chosen = choose(flags, KEYS);
    expect(chosen?.drafter).toMatchObject({ name, variant });
    expect(chosen).toMatchObject({ isReplay: false, secrets: [SECRET] });
  });

  it('may be set by variables', () => {
    const set = { TASKS_DRAFTER: 'openai-compatible', TASKS_DRAFTER_MODEL: 'm', TASKS_DRAFTER_URL: 'http://10.0.0.5:8000/v1' };
    expect(choose({}, set)?.drafter.variant).toBe('m at http://10.0.0.5:8000/v1');
  });

  it('needs no key to answer from its cache', () => expect(choose({ drafter: 'anthropic', 'drafter-model': 'm', 'drafter-cache-only': 'true' })).toMatchObject({ isReplay: true }));

  it.each<[string, Readonly<Record<string, string>>, Environment, RegExp]>([
    ['an option without a drafter', { 'drafter-model': 'm' }, {}, /^--drafter-model without --drafter$/],
    ['an option of another one', { drafter: 'command', 'drafter-command': 'x', 'drafter-model': 'm' }, {}, /^--drafter-model is not for --drafter command$/],
    ['a command for a model', { drafter: 'anthropic', 'drafter-model': 'm', 'drafter-command': 'x' }, KEYS, /^--drafter-command is not for/],
    ['no model', { drafter: 'anthropic' }, KEYS, /needs --drafter-model/],
    ['no command', { drafter: 'command' }, {}, /needs --drafter-command/],
    ['no key', { drafter: 'anthropic', 'drafter-model': 'm' }, { ANTHROPIC_API_KEY: ' ' }, /needs a key in ANTHROPIC_API_KEY/],
    ['no key', { drafter: 'openai-compatible', 'drafter-model': 'm' }, {}, /needs a key in OPENAI_API_KEY/],
    ['a key in the open', { drafter: 'openai-compatible', 'drafter-model': 'm', 'drafter-url': 'http://10.0.0.5:8000/v1' }, KEYS, /a key does not go over http to another machine/],
    ['a key of several lines', { drafter: 'anthropic', 'drafter-model': 'm' }, { ANTHROPIC_API_KEY: `${SECRET}\nx: y` }, /has characters that no key has/],
    ['an address with a password', { drafter: 'openai-compatible', 'drafter-model': 'm', 'drafter-url': `https://me:${SECRET}@example.org/v1` }, {}, /holds a name, a password or a query/],
    ['no address', { drafter: 'openai-compatible', 'drafter-model': 'm', 'drafter-url': `file:///${SECRET}` }, {}, /must be an address/],
    ['an unknown one', { drafter: 'oracle' }, {}, /--drafter must be one of anthropic, openai-compatible, command/],
  ])('is refused with %s', (_, flags, environment, message) => expect(refusal(flags, environment)).toMatch(message));

  it.each(['drafter', 'drafter-url', 'drafter-command', 'drafter-secret', 'drafter-cache'])('is not decided by what comes with a code base: %s', (name) => {
    const value = name === 'drafter' ? 'command' : 'x';
    expect(refusal({}, KEYS, { [name]: value })).toMatch(new RegExp(`^--${name} stands in the project's file`));
    expect(refusal({}, KEYS, { plan: { [name]: value } })).toMatch(/stands in the project's file/);
  });
});
