/** `tasks preflight`: what can be known of a plan before it starts. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, PROBLEMS, TasksError } from '../../../model/problem.ts';
import type { Operation } from '../../../planner/preflight/patch.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { reportWarnings, usageError } from '../errors.ts';
import { certainOf, look } from '../preflight-plan.ts';
import { readPlanRequest } from '../run-request.ts';
import { findingsText, patchLine } from '../view/preflight-text.ts';

const MINUTES = 15;

export const preflight: CommandSpec = {
  name: 'preflight',
  group: 'Run',
  summary: 'Look for what a plan lacks before it starts, and suggest a patch',
  description: [
    'Looks at the order of tasks (work that tidies up and waits for nothing), working directories and inputs, programs and package scripts that commands need, variables and secrets, and packages that code imports and no manifest declares. It runs nothing of the plan and needs no server.',
    'A finding is certain (as things are, the task fails, or works on what is not there) or likely. It assumes that commands run on this machine and in this environment; --elsewhere says that they may not.',
    'What can be mended is a hot update: --patch writes it for `tasks patch`, and `tasks execute --preflight` puts what is certain into the plan before it starts.',
    '--build runs a command in a throw-away git worktree of HEAD with uncommitted changes on top, without what git ignores, and takes it away again.',
    'Exit codes: 0 nothing certain was found, 5 something was, or the plan is invalid, 9 interrupted.',
  ],
  arguments: [{ name: 'plan', description: 'Directory or file of a plan, or - for standard input' }],
  options: [
    { name: 'patch', value: 'FILE', env: false, description: 'Write what is suggested as a hot update' },
    { name: 'certain', env: false, description: 'Nothing that is only likely: neither shown nor in the patch' },
    { name: 'elsewhere', description: 'Commands may run on other machines: what depends on programs and variables is only likely' },
    { name: 'build', value: 'COMMAND', env: false, description: 'Also run this in a throw-away copy, such as "npm ci && npm run build"' },
    { name: 'build-timeout', value: 'SECONDS', kind: 'number', minimum: 1, maximum: 86_400, default: MINUTES * 60, description: 'End the build after this long' },
    { name: 'profile', value: 'NAME', description: "Profile of the plan's resources whose capacities count; the plan's own unless stated" },
    { name: 'codebase-path', short: 'p', value: 'DIR', description: "Directory in which commands run; the plan's own, else the repository that holds the plan" },
  ],
  examples: [
    { says: 'What is wrong, and what may be', command: 'tasks preflight ./tasks_output' },
    { says: 'A patch, for `tasks patch`', command: 'tasks preflight plan.json --patch fix.json' },
    { says: 'Find missing packages by building', command: 'tasks preflight plan.json --build "npm ci && npm run build"' },
  ],
  run: async (context) => {
    const { values, out } = context;
    const request = await readPlanRequest(context, argument(context, 0));
    const command = values.text('build');
    if (command !== undefined) out.progress(`Building in a throw-away worktree: ${command}`);
    const build = command === undefined ? undefined : { command, timeoutMs: (values.number('build-timeout') ?? MINUTES * 60) * 1000, signal: context.interrupt.signal };
    const report = await look(context, request, { here: !values.flag('elsewhere'), ...(build && { build }) });
    const findings = values.flag('certain') ? certainOf(report.findings) : report.findings;
    const patch = values.flag('certain') ? report.certainPatch : report.patch;
    reportWarnings(out, report.warnings);
    const certain = certainOf(findings).length;
    const answer = { plan: request.plan.graph.name, workspace: request.workspace, certain, likely: findings.length - certain, findings: findings.map((finding) => ({ ...finding, reason: PROBLEMS[finding.code].reason })), patch, assumptions: report.assumptions };
    out.answer(answer, () => findingsText(findings));
    for (const assumption of report.assumptions) out.hint(`Taken for granted: ${assumption}`);
    await keepPatch(context, patch);
    return certain > 0 ? EXIT.plan : EXIT.ok;
  },
};

const keepPatch = async ({ values, out, cwd }: Context, patch: readonly Operation[]): Promise<void> => {
  const file = values.text('patch');
  if (patch.length === 0) {
    if (file !== undefined) out.progress(`There is nothing to patch: ${file} is not written`);
    return;
  }
  if (file === undefined) {
    out.hint(`${patchLine(patch)}: --patch FILE writes it for \`tasks patch\`, \`tasks execute --preflight\` puts what is certain into the plan`);
    return;
  }
  try {
    await writeFile(resolve(cwd, file), `${JSON.stringify(patch, undefined, 2)}\n`);
  } catch (error) {
    throw new TasksError(usageError(`the patch cannot be written: ${error instanceof Error ? error.message : String(error)}`).problems, { cause: error });
  }
  out.progress(`${patchLine(patch)}: written to ${file}`);
  out.hint(`Next: tasks patch ID ${file}`);
};
