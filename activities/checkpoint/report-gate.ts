/**
 * Keeps a command that reports without end from keeping us busy: of progress only the latest is passed on, a few times a
 * second, and of all else there is a limit. Nothing is late: what is held back is let out when its time has come, and
 * before a checkpoint.
 */
import { MAX_CHECKPOINTS } from '../../model/checkpoint.ts';
import type { Report, ReportResult } from './report.ts';

const EVERY_MS = 200;
/** Of sentences about what was not understood. */
const MAX_NOTES = 10;

export interface ReportGate {
  take(report: ReportResult): void;
  /** Lets out what is held back. */
  end(): void;
}

export interface ReportGateOptions {
  readonly report: (report: Report) => void;
  /** A line for the log. */
  readonly note: (text: string) => void;
}

export const createReportGate = ({ report, note }: ReportGateOptions): ReportGate => {
  let held: Report | undefined;
  let timer: NodeJS.Timeout | undefined;
  let passedAt = -Infinity;
  let told: number | undefined;
  let checkpoints = 0;
  let notes = 0;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held?.kind === 'progress' && held.percent !== told) {
      told = held.percent;
      passedAt = performance.now();
      report(held);
    }
    held = undefined;
  };
  const say = (text: string): void => {
    notes += 1;
    if (notes <= MAX_NOTES) note(`report not understood: ${text}`);
    if (notes === MAX_NOTES) note('no more of these are noted');
  };

  return {
    take: (result) => {
      if (!result.ok) return say(result.error);
      const { value } = result;
      if (value.kind === 'progress') {
        held = value;
        const wait = passedAt + EVERY_MS - performance.now();
        if (wait <= 0) flush();
        else timer ??= setTimeout(flush, wait);
        return;
      }
      flush();
      checkpoints += 1;
      if (checkpoints <= MAX_CHECKPOINTS) report(value);
      else if (checkpoints === MAX_CHECKPOINTS + 1) note(`more than ${MAX_CHECKPOINTS} checkpoints: the rest are not made`);
    },
    end: flush,
  };
};
