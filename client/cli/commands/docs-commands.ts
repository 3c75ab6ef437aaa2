/** For the project itself: writes the page of commands from the table. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { commandsPage, commandsTable } from '../render-docs.ts';

export const docsCommands: CommandSpec = {
  name: 'docs-commands',
  group: 'Set up',
  hidden: true,
  summary: 'Print docs/commands.md, or the table of the README',
  arguments: [],
  options: [{ name: 'table', env: false, description: 'Only the table of commands' }],
  examples: [{ says: 'Bring the page up to date', command: 'tasks docs-commands > docs/commands.md' }],
  run: async ({ commands, values, out }) => {
    const page = values.flag('table') ? commandsTable(commands) : commandsPage(commands);
    out.answer({ page }, () => page.trimEnd());
    return EXIT.ok;
  },
};
