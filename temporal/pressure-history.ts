/**
 * When the hosts of an execution's workers came under pressure and when that was over, from the tables of workers that
 * it was told. Those that it took itself count: a table that cannot be read, or that is older than the one before, says
 * nothing.
 */
import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time.js';
import { INTERNAL_SIGNAL } from '../model/message.ts';
import { PRESSURES } from '../model/pool.ts';
import type { OverLimit, Pressure, WorkerProfile, WorkerTable } from '../model/pool.ts';
import { readWorkerTable } from '../model/pool-guard.ts';
import type { ExecutionEventRecord } from './history.ts';
import { firstValue } from './payload.ts';

export interface HostCrossing {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly host: string;
  /** From now on; `none` as well when its last worker has gone. */
  readonly level: Pressure;
  readonly over?: OverLimit;
}

type HostPressure = Pick<WorkerProfile, 'pressure' | 'over'>;

const rankOf = ({ pressure }: HostPressure): number => PRESSURES.indexOf(pressure);

/** Without those that are under none. */
const pressuresOf = ({ workers }: WorkerTable): ReadonlyMap<string, HostPressure> => {
  const hosts = new Map<string, HostPressure>();
  for (const worker of workers) {
    const before = hosts.get(worker.host);
    if (worker.pressure !== 'none' && (!before || rankOf(worker) > rankOf(before))) hosts.set(worker.host, worker);
  }
  return hosts;
};

export class PressureHistory {
  /** In the order of time. */
  readonly crossings: HostCrossing[] = [];
  readonly #client: Client;
  #table: Pick<WorkerTable, 'epoch' | 'version'> | undefined;
  #hosts: ReadonlyMap<string, HostPressure> = new Map();

  constructor({ client }: { readonly client: Client }) {
    this.#client = client;
  }

  /** Takes the next event; they must come in order. */
  async add({ event }: ExecutionEventRecord): Promise<void> {
    const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
    if (signalName !== INTERNAL_SIGNAL.workers) return;
    const table = readWorkerTable(await firstValue(this.#client, input).catch(() => undefined));
    if (!table.ok || !this.#isNewer(table.value)) return;
    const { epoch, version } = table.value;
    this.#table = { epoch, version };
    const before = this.#hosts;
    this.#hosts = pressuresOf(table.value);
    for (const host of [...new Set([...before.keys(), ...this.#hosts.keys()])].sort()) {
      const now = this.#hosts.get(host);
      const level = now?.pressure ?? 'none';
      if (level === (before.get(host)?.pressure ?? 'none')) continue;
      this.crossings.push({ at: tsToMs(event.eventTime), host, level, ...(now?.over && { over: now.over }) });
    }
  }

  #isNewer({ epoch, version }: WorkerTable): boolean {
    const known = this.#table;
    return !known || epoch > known.epoch || (epoch === known.epoch && version > known.version);
  }
}
