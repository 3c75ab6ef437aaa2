/** Temporal's native runtime, once a process: logs to stderr, metrics to a Prometheus port where asked for. */
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { LogEntry, LogLevel } from '@temporalio/worker';

export interface RuntimeOptions {
  readonly logLevel?: LogLevel;
  /** Port on 127.0.0.1 for Prometheus. */
  readonly metricsPort?: number;
  readonly log?: (line: string) => void;
}

let installed = false;

/** The first call of a process decides; later ones change nothing. */
export const installRuntime = (options: RuntimeOptions = {}): void => {
  if (installed) return;
  installed = true;
  const { logLevel = 'WARN', metricsPort, log = (line) => process.stderr.write(`${line}\n`) } = options;
  Runtime.install({
    logger: new DefaultLogger(logLevel, (entry) => isExpected(entry) || log(format(entry))),
    // Who stops a worker, and when, is decided by whoever started it.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: logLevel === 'WARN' ? 'ERROR' : logLevel }), forward: {} },
      ...(metricsPort !== undefined && { metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}` } } }),
    },
  });
};

/** How `ExecutionFailed` and `ExecutionAborted` begin: of an error in a workflow's thread only the text arrives. */
const ENDED = /^execution (?:failed|aborted): /u;

/** Some of the workers of a process have none on purpose (`workers.ts`). */
const ON_PURPOSE: ReadonlySet<string> = new Set(['No workflows registered, not polling for workflow tasks', 'No activities registered, not polling for activity tasks']);

/** An execution that failed or was aborted is an outcome: its client tells it. Everything else is a fault. */
const isExpected = ({ message, meta }: LogEntry): boolean => {
  if (ON_PURPOSE.has(message)) return true;
  const error: unknown = meta?.['error'];
  return message === 'Workflow failed' && error instanceof Error && ENDED.test(error.message);
};

const format = ({ level, message, meta }: LogEntry): string => {
  const { workflowId, activityType, error } = (meta ?? {}) as Record<string, unknown>;
  const about = [workflowId, activityType].filter((part) => typeof part === 'string').join(' ');
  const cause = error instanceof Error ? `: ${error.message}` : '';
  return `${level.toLowerCase()} ${message}${about ? ` (${about})` : ''}${cause}`;
};
