/** `resource_limits` and `parallelism_policy`: what of them acts, and warnings about the rest. */
import type { Findings } from './draft.ts';
import { LIMIT_KEYS } from './pressure.schema.ts';
import type { WrittenLimits, WrittenParallelism } from './pressure.schema.ts';
import type { Where } from './source.ts';
import { inside, problemAt } from './source.ts';
import { didYouMean, quote } from './words.ts';

const warnKeptKey = (where: Where, key: string, path: string, findings: Findings): void => {
  findings.warnings.push(problemAt({ code: 'TASKS1007', message: `kept, and without effect yet: ${path}.${key}`, where: inside(where, key) }));
};

export const warnLimits = (written: WrittenLimits | undefined, where: Where, findings: Findings): void => {
  if (written?.io_wait_soft_ms !== undefined) warnKeptKey(where, 'io_wait_soft_ms', 'resource_limits', findings);
  for (const key of Object.keys(written ?? {})) {
    if (LIMIT_KEYS.includes(key)) continue;
    const at: Where = { ...inside(where, key), key: true };
    findings.warnings.push(problemAt({ code: 'TASKS1007', message: `the limit ${quote(key)} is not known here: it is kept and has no effect`, where: at, hint: didYouMean(key, LIMIT_KEYS) }));
  }
};

const PARALLELISM_KEYS = ['max_cli_workers', 'max_bg_jobs'];

/** Servers of tools (`mcp_profiles`, `mcp_auto_shutdown`) are nothing that runs here. */
export const warnParallelism = (written: WrittenParallelism | undefined, where: Where, findings: Findings): void => {
  for (const key of Object.keys(written ?? {})) if (!PARALLELISM_KEYS.includes(key)) warnKeptKey(where, key, 'parallelism_policy', findings);
};
