/**
 * What can be wrong, in one closed table. Every error a user meets carries a code from here in its text
 * (`[TASKS1203]`); `docs/errors.md` lists the same codes, and a test compares the two.
 */
import type { Place } from './graph.ts';

/** Exit codes of the `tasks` command (T.A.S.K.S. v3, "Exit Codes"). */
export const EXIT = {
  ok: 0,
  invalid: 1,
  codebase: 2,
  cycle: 3,
  conflicts: 4,
  plan: 5,
  unavailable: 6,
  failedResumable: 7,
  failed: 8,
  aborted: 9,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * `reason` names the failure in code; `exit` is what the command ends with. 10xx and 11xx: reading a plan;
 * 12xx: its graph; 13xx: what a plan must be beyond that; 15xx: its preflight; 16xx: making one; 20xx: the server and its binary; 30xx: requests to an execution; 31xx: rolling it back; 40xx: storage and
 * history; 50xx: a code base and its packages.
 */
export const PROBLEMS = {
  TASKS1001: { reason: 'plan-not-found', exit: EXIT.plan },
  TASKS1002: { reason: 'plan-unreadable', exit: EXIT.plan },
  TASKS1003: { reason: 'plan-too-large', exit: EXIT.plan },
  TASKS1004: { reason: 'plan-syntax', exit: EXIT.plan },
  TASKS1005: { reason: 'plan-format-unknown', exit: EXIT.plan },
  TASKS1006: { reason: 'plan-schema', exit: EXIT.plan },
  TASKS1007: { reason: 'plan-policy-unknown', exit: EXIT.plan },
  TASKS1008: { reason: 'plan-secret', exit: EXIT.plan },
  TASKS1201: { reason: 'id-invalid', exit: EXIT.plan },
  TASKS1202: { reason: 'id-duplicate', exit: EXIT.plan },
  TASKS1203: { reason: 'dependency-unknown', exit: EXIT.plan },
  TASKS1204: { reason: 'dependency-self', exit: EXIT.plan },
  TASKS1205: { reason: 'dependency-cycle', exit: EXIT.plan },
  TASKS1206: { reason: 'graph-empty', exit: EXIT.plan },
  TASKS1207: { reason: 'graph-too-large', exit: EXIT.plan },
  TASKS1208: { reason: 'executor-unknown', exit: EXIT.plan },
  TASKS1209: { reason: 'path-outside-workspace', exit: EXIT.plan },
  TASKS1210: { reason: 'resource-unknown', exit: EXIT.plan },
  TASKS1212: { reason: 'resource-contradiction', exit: EXIT.plan },
  TASKS1213: { reason: 'profile-unknown', exit: EXIT.plan },
  TASKS1214: { reason: 'resource-capacity', exit: EXIT.plan },
  TASKS1215: { reason: 'resource-window', exit: EXIT.plan },
  TASKS1216: { reason: 'background-writes', exit: EXIT.plan },
  TASKS1217: { reason: 'breaker', exit: EXIT.plan },
  TASKS1218: { reason: 'error-policy', exit: EXIT.plan },
  TASKS1219: { reason: 'worktree-impossible', exit: EXIT.plan },
  TASKS1220: { reason: 'alert', exit: EXIT.plan },
  TASKS1301: { reason: 'hard-cycle', exit: EXIT.plan },
  TASKS1302: { reason: 'resource-edge-untyped', exit: EXIT.plan },
  TASKS1303: { reason: 'boundaries-missing', exit: EXIT.plan },
  TASKS1304: { reason: 'estimates-missing', exit: EXIT.plan },
  TASKS1305: { reason: 'evidence-missing', exit: EXIT.plan },
  TASKS1306: { reason: 'check-missing', exit: EXIT.plan },
  TASKS1307: { reason: 'quote-secret', exit: EXIT.plan },
  TASKS1308: { reason: 'analysis-missing', exit: EXIT.plan },
  TASKS1309: { reason: 'artifact-invalid', exit: EXIT.plan },
  TASKS1310: { reason: 'hash-mismatch', exit: EXIT.plan },
  TASKS1311: { reason: 'reference-unknown', exit: EXIT.plan },
  TASKS1312: { reason: 'evidence-untrue', exit: EXIT.plan },
  TASKS1313: { reason: 'conflict-unresolved', exit: EXIT.plan },
  TASKS1314: { reason: 'writes-overlap', exit: EXIT.plan },
  TASKS1315: { reason: 'node-incomplete', exit: EXIT.plan },
  TASKS1321: { reason: 'density', exit: EXIT.plan },
  TASKS1322: { reason: 'title-not-verb-first', exit: EXIT.plan },
  TASKS1323: { reason: 'evidence-sparse', exit: EXIT.plan },
  TASKS1324: { reason: 'task-size', exit: EXIT.plan },
  TASKS1325: { reason: 'requirement-uncovered', exit: EXIT.plan },
  TASKS1501: { reason: 'order-missing', exit: EXIT.plan },
  TASKS1502: { reason: 'program-missing', exit: EXIT.plan },
  TASKS1503: { reason: 'script-missing', exit: EXIT.plan },
  TASKS1504: { reason: 'variable-unset', exit: EXIT.plan },
  TASKS1505: { reason: 'secret-unset', exit: EXIT.plan },
  TASKS1506: { reason: 'directory-missing', exit: EXIT.plan },
  TASKS1507: { reason: 'input-missing', exit: EXIT.plan },
  TASKS1508: { reason: 'package-missing', exit: EXIT.plan },
  TASKS1509: { reason: 'build-failed', exit: EXIT.plan },
  TASKS1510: { reason: 'build-impossible', exit: EXIT.plan },
  TASKS1601: { reason: 'document-empty', exit: EXIT.invalid },
  TASKS1602: { reason: 'document-unreadable', exit: EXIT.invalid },
  TASKS1603: { reason: 'document-too-large', exit: EXIT.invalid },
  TASKS1604: { reason: 'document-without-requirements', exit: EXIT.invalid },
  TASKS1605: { reason: 'dependencies-cyclic', exit: EXIT.cycle },
  TASKS1606: { reason: 'conflicts-unresolvable', exit: EXIT.conflicts },
  TASKS1607: { reason: 'output-taken', exit: EXIT.invalid },
  TASKS1608: { reason: 'drafter-failed', exit: EXIT.unavailable },
  TASKS2001: { reason: 'server-unreachable', exit: EXIT.unavailable },
  TASKS2002: { reason: 'binary-unavailable', exit: EXIT.unavailable },
  TASKS2003: { reason: 'port-in-use', exit: EXIT.unavailable },
  TASKS2004: { reason: 'dev-config-invalid', exit: EXIT.unavailable },
  TASKS2005: { reason: 'database-version', exit: EXIT.unavailable },
  TASKS2006: { reason: 'dev-server-failed', exit: EXIT.unavailable },
  TASKS2007: { reason: 'worker-failed', exit: EXIT.unavailable },
  TASKS2008: { reason: 'connection-config', exit: EXIT.unavailable },
  TASKS2009: { reason: 'version-mismatch', exit: EXIT.unavailable },
  TASKS2010: { reason: 'workflow-task-failing', exit: EXIT.unavailable },
  TASKS3001: { reason: 'execution-unknown', exit: EXIT.invalid },
  TASKS3002: { reason: 'execution-ended', exit: EXIT.invalid },
  TASKS3003: { reason: 'execution-ambiguous', exit: EXIT.invalid },
  TASKS3004: { reason: 'task-unknown', exit: EXIT.invalid },
  TASKS3005: { reason: 'task-state', exit: EXIT.invalid },
  TASKS3006: { reason: 'patch-invalid', exit: EXIT.invalid },
  TASKS3007: { reason: 'patch-rejected', exit: EXIT.invalid },
  TASKS3008: { reason: 'patch-version', exit: EXIT.invalid },
  TASKS3009: { reason: 'execution-exists', exit: EXIT.invalid },
  TASKS3010: { reason: 'arguments-invalid', exit: EXIT.invalid },
  TASKS3011: { reason: 'request-invalid', exit: EXIT.invalid },
  TASKS3012: { reason: 'execution-loading', exit: EXIT.unavailable },
  TASKS3013: { reason: 'holder-unknown', exit: EXIT.invalid },
  TASKS3014: { reason: 'quarantine-unknown', exit: EXIT.invalid },
  TASKS3015: { reason: 'playbook-unknown', exit: EXIT.invalid },
  TASKS3101: { reason: 'rollback-nothing', exit: EXIT.invalid },
  TASKS3102: { reason: 'rollback-irrevocable', exit: EXIT.invalid },
  TASKS3103: { reason: 'rollback-busy', exit: EXIT.invalid },
  TASKS3104: { reason: 'rollback-target-unknown', exit: EXIT.invalid },
  TASKS3105: { reason: 'rollback-elsewhere', exit: EXIT.invalid },
  TASKS3020: { reason: 'checkpoint-unknown', exit: EXIT.invalid },
  TASKS3021: { reason: 'no-way-back', exit: EXIT.invalid },
  TASKS4001: { reason: 'store-missing', exit: EXIT.unavailable },
  TASKS4002: { reason: 'store-damaged', exit: EXIT.unavailable },
  TASKS4003: { reason: 'store-unwritable', exit: EXIT.unavailable },
  TASKS4004: { reason: 'history-gone', exit: EXIT.unavailable },
  TASKS4005: { reason: 'log-elsewhere', exit: EXIT.invalid },
  TASKS4006: { reason: 'payload-undecodable', exit: EXIT.unavailable },
  TASKS5001: { reason: 'codebase-unreadable', exit: EXIT.codebase },
  TASKS5002: { reason: 'packages-unknown', exit: EXIT.codebase },
  TASKS5003: { reason: 'manifest-invalid', exit: EXIT.codebase },
  TASKS5004: { reason: 'source-unparsed', exit: EXIT.codebase },
  TASKS5005: { reason: 'census-invalid', exit: EXIT.codebase },
  TASKS5006: { reason: 'parser-unavailable', exit: EXIT.unavailable },
  TASKS5007: { reason: 'install-failed', exit: EXIT.unavailable },
  TASKS5008: { reason: 'package-manager-unsupported', exit: EXIT.codebase },
  TASKS5009: { reason: 'environment-managed', exit: EXIT.codebase },
  TASKS5010: { reason: 'package-unavailable', exit: EXIT.unavailable },
} as const satisfies Record<string, { reason: string; exit: ExitCode }>;

export type ProblemCode = keyof typeof PROBLEMS;
export type ProblemReason = (typeof PROBLEMS)[ProblemCode]['reason'];

export interface Problem {
  readonly code: ProblemCode;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly place?: Place;
  /** The offending source line, with the span to underline (columns count from 1, end exclusive). */
  readonly excerpt?: { readonly text: string; readonly from: number; readonly to: number };
  /** The way out. */
  readonly hint?: string;
  /** Other places that belong to it, such as each edge of a cycle. */
  readonly related?: readonly { readonly message: string; readonly place?: Place }[];
}

export type Result<T, F = readonly Problem[]> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: F };

export const ok = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
export const fail = <F>(error: F): { readonly ok: false; readonly error: F } => ({ ok: false, error });

/** Thrown at the edges only: carries one or more problems to whoever prints them. */
export class TasksError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list: readonly Problem[] = 'code' in problems ? [problems] : problems;
    super(list.map((p) => `[${p.code}] ${p.message}`).join('\n'), options);
    this.name = 'TasksError';
    this.problems = list;
  }

  get exit(): ExitCode {
    const first = this.problems[0];
    return first ? PROBLEMS[first.code].exit : EXIT.invalid;
  }
}
