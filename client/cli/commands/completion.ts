import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { completionScript, SHELLS } from '../completion.ts';
import { argument } from '../context.ts';

export const completion: CommandSpec = {
  name: 'completion',
  group: 'Set up',
  summary: 'Print a completion script for a shell',
  arguments: [{ name: 'shell', description: SHELLS.join(', '), choices: SHELLS }],
  options: [],
  examples: [
    { says: 'For this bash', command: 'source <(tasks completion bash)' },
    { says: 'For every fish', command: 'tasks completion fish > ~/.config/fish/completions/tasks.fish' },
  ],
  run: async (context) => {
    const shell = SHELLS.find((name) => name === argument(context, 0)) ?? 'bash';
    const script = completionScript(shell, context.commands);
    context.out.answer({ shell, script }, () => script.trimEnd());
    return EXIT.ok;
  },
};
