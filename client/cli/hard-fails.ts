/** The gate in front of an execution: what spec/001 rejects a plan for, unless somebody accepts it by its code. */
import { PROBLEMS, TasksError } from '../../model/problem.ts';
import type { ProblemCode } from '../../model/problem.ts';
import type { AcceptedFindings } from '../../model/accepted.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import { requester } from './commands/shared.ts';
import { counted } from './view/counts-text.ts';

const isCode = (text: string): text is ProblemCode => Object.hasOwn(PROBLEMS, text);
/** Findings of a preflight, and hard fails. */
const isAcceptable = (code: string): boolean => /^TASKS(?:15\d\d|130[1-8])$/.test(code);

/** @throws TasksError TASKS3010 for what is no code, and for one of structure: without that there is nothing to execute. */
export const acceptedCodes = ({ values }: Pick<Context, 'values'>): ReadonlySet<string> => {
  const codes = values.list('accept-findings');
  const unknown = codes.find((code) => !isCode(code));
  if (unknown !== undefined) throw usageError(`--accept-findings: ${JSON.stringify(unknown)} is no code of a finding`, 'codes look like TASKS1502; `tasks preflight PLAN` and `tasks validate-plan PLAN` show them');
  const structural = codes.find((code) => !isAcceptable(code));
  if (structural !== undefined) throw usageError(`--accept-findings: ${structural} cannot be accepted`, 'those of a preflight (15xx) and the hard fails of a plan directory (TASKS1301 to TASKS1308) can');
  return new Set(codes);
};

/**
 * What was accepted, for the record of the execution; nothing of a plan without hard fails.
 *
 * @throws TasksError with every hard fail that nobody accepted: nothing starts.
 */
export const passHardFails = async (context: Context, reference: string): Promise<readonly AcceptedFindings[]> => {
  const { services, cwd, out } = context;
  const accepted = acceptedCodes(context);
  const findings = await services.hardFails({ reference, cwd });
  const refused = findings.filter(({ code }) => !accepted.has(code));
  if (refused.length > 0) throw new TasksError(refused);
  const { by } = requester(context);
  const counts = new Map<string, number>();
  for (const { code } of findings) counts.set(code, (counts.get(code) ?? 0) + 1);
  const record = [...counts].map(([code, count]): AcceptedFindings => ({ code, count, ...(by !== undefined && { by }) }));
  if (record.length > 0) out.warn(`the plan has hard fails that were accepted: ${record.map(({ code, count }) => `${counted(count, 'finding', 'findings')} ${code}`).join(', ')}; \`tasks validate-plan\` shows them`);
  return record;
};
