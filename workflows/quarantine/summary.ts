/** What a register shows in Temporal's own tools. */
import type { QuarantineRegister } from './register.ts';

const MAX_ROWS = 20;

/** A Markdown table of what is parked. */
export const registerSummary = (register: QuarantineRegister): string => {
  const { entries } = register.state;
  const { items } = register.page({ from: 0, limit: MAX_ROWS });
  if (items.length === 0) return 'No task is quarantined.';
  const rows = items.map(({ plan, task, by, message, reason = message ?? '' }) => `| ${cell(plan)} | ${task} | ${cell(by)} | ${cell(reason)} |`);
  const more = entries.length > MAX_ROWS ? [`| and ${entries.length - MAX_ROWS} more | | | |`] : [];
  return ['| plan | task | by | why |', '|---|---|---|---|', ...rows, ...more].join('\n');
};

const cell = (text: string): string => text.replaceAll(/[\p{C}\s]+/gu, ' ').replaceAll(/[\\|]/gu, String.raw`\$&`);
