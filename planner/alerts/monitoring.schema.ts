/** spec/001's `monitoring`: alerts on how an execution does. Strict: what is not here is refused. */
import { z } from 'zod';
import { ALERT_ACTIONS, MAX_ALERTS, MAX_CONDITION_LENGTH, METRIC_NAMES } from '../../model/alert.ts';

const alertSchema = z.strictObject({
  /** Tells it from the others; made from its place unless stated. */
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u, { error: 'expected a name of letters, digits, ".", "_" and "-", at most 64' })
    .optional(),
  condition: z.string().min(1).max(MAX_CONDITION_LENGTH),
  /** It is told in any case. */
  action: z.enum(ALERT_ACTIONS).optional(),
  /** A file of the workspace: lines of JSON are appended to it. */
  notify: z.string().min(1).max(500).optional(),
});
export type WrittenAlert = z.infer<typeof alertSchema>;

export const monitoringSchema = z.strictObject({
  /** Least time between two looks, in seconds. */
  metrics_collection_interval: z.number().min(1).max(86_400).optional(),
  /** Told with every alert, beside those of its condition. */
  metrics: z.array(z.enum(METRIC_NAMES)).optional(),
  alerts: z.array(alertSchema).max(MAX_ALERTS).optional(),
});
export type WrittenMonitoring = z.infer<typeof monitoringSchema>;
