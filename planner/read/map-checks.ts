/** Acceptance checks as plans write them, in the shapes that a worker runs. */
import type { AcceptanceCheck } from '../../model/check.ts';
import { checkSchema } from '../../model/check.schema.ts';
import type { WrittenCheck } from '../../model/check.schema.ts';
import { durationMs } from '../../model/scalar.schema.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { present } from './optional.ts';

type CommandWritten = Extract<WrittenCheck, { type: 'command' }>;

const commandCheck = (written: CommandWritten): AcceptanceCheck => {
  const { cmd, expect, report, timeout } = written;
  return present({
    type: 'command' as const,
    cmd,
    expect: expect && present(expect),
    report: typeof report === 'string' ? { path: report } : report && present(report),
    timeoutMs: timeout === undefined ? undefined : durationMs(timeout),
  });
};

export const mapCheck = (written: WrittenCheck): AcceptanceCheck => {
  switch (written.type) {
    case 'command':
      return commandCheck(written);
    case 'artifact':
      return present({ type: written.type, path: written.path, expect: written.expect && present(written.expect) });
    case 'metric':
      return present({ type: written.type, name: written.name, file: written.file, expect: present(written.expect) });
    case 'manual':
      return { type: 'manual', text: written.text };
    default:
      return unreachable(written);
  }
};

const inWords = (item: unknown): AcceptanceCheck => ({
  type: 'manual',
  text: typeof item === 'string' ? item : JSON.stringify(item),
});

const mapItem = (item: unknown): AcceptanceCheck => {
  const check = typeof item === 'string' ? undefined : checkSchema.safeParse(item);
  return check?.success ? mapCheck(check.data) : inWords(item);
};

/** `acceptance_checks`, then `acceptance`, in the plan's order; undefined when there are none. */
export const mapChecks = (task: WrittenTask): readonly AcceptanceCheck[] | undefined => {
  const { acceptance } = task;
  const loose: readonly unknown[] = Array.isArray(acceptance) ? acceptance : acceptance === undefined ? [] : [acceptance];
  const all = [...(task.acceptance_checks ?? []), ...loose].map(mapItem);
  return all.length > 0 ? all : undefined;
};

/** True when a check can never pass: its figure is read from a report that it does not name. */
export const lacksReport = (check: AcceptanceCheck): boolean =>
  check.type === 'command' &&
  check.report === undefined &&
  (check.expect?.passRateGte !== undefined || check.expect?.coverageGte !== undefined);
