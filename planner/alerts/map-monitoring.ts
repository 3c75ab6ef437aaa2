/** Alerts as an execution carries them; what is wrong with a condition or a file is said with its place. */
import type { Alert, MonitoringPolicy } from '../../model/alert.ts';
import type { Findings } from '../read/draft.ts';
import { staysInside } from '../read/inside.ts';
import { present } from '../read/optional.ts';
import type { Where } from '../read/source.ts';
import { inside, problemAt } from '../read/source.ts';
import { quote } from '../read/words.ts';
import type { WrittenAlert, WrittenMonitoring } from './monitoring.schema.ts';
import { parseCondition } from './parse-condition.ts';

/** Readers of a part say it once, here: a part that was found wrong is not compiled. */
export const checkMonitoring = ({ alerts = [] }: WrittenMonitoring, where: Where, findings: Findings): void => {
  const names = new Set<string>();
  for (const [at, alert] of alerts.entries()) {
    const place = inside(where, 'alerts', at);
    const report = (message: string, key: string, hint?: string): void => {
      findings.problems.push(problemAt({ code: 'TASKS1220', message: `the alert ${quote(nameOf(alert, at))} ${message}`, where: inside(place, key), hint }));
    };
    const parsed = parseCondition(alert.condition);
    if (!parsed.ok) report(`has a condition that cannot be read, at character ${parsed.error.at + 1}: ${parsed.error.message}`, 'condition', parsed.error.hint);
    if (alert.notify !== undefined && !staysInside(alert.notify)) report(`is to be written to ${quote(alert.notify)}, which is no file of the workspace`, 'notify', 'Give a path relative to the workspace, without "..".');
    if (names.has(nameOf(alert, at))) report('has the name of another one', 'name');
    names.add(nameOf(alert, at));
  }
};

const nameOf = ({ name }: WrittenAlert, at: number): string => name ?? `alert-${at + 1}`;

export const mapMonitoring = ({ alerts, metrics, metrics_collection_interval: seconds }: WrittenMonitoring): Partial<MonitoringPolicy> =>
  present({
    alerts: alerts?.flatMap((alert, at): readonly Alert[] => {
      const { condition: text, action = 'report', notify } = alert;
      const parsed = parseCondition(text);
      return parsed.ok ? [{ name: nameOf(alert, at), condition: parsed.value, text, action, ...(notify !== undefined && { notify }) }] : [];
    }),
    metrics,
    intervalMs: seconds === undefined ? undefined : Math.round(seconds * 1_000),
  });
