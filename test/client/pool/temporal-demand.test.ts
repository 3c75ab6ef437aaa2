/** What a pool learns from a real server: the backlog of its queue, and what the executions on it keep back. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { temporalDemand } from '../../../client/pool/temporal-demand.ts';
import type { Demand } from '../../../client/pool/demand.ts';
import { executionWorkflowId } from '../../../model/ids.ts';
import type { ExecutionId } from '../../../model/ids.ts';
import { connect } from '../../../temporal/connect.ts';
import { sharedServer } from '../../support/server.ts';
import type { Demanding } from './fixtures/demanding-execution.ts';

test('adds up the shared queue and all open executions on it, and says when one does not answer', { timeout: 60_000 }, async () => {
  const server = sharedServer();
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  await using connected = await connect(server);
  const native = await NativeConnection.connect({ address: server.address });
  const queue = `demand-${randomUUID()}`;
  const workflowsPath = fileURLToPath(new URL('fixtures/demanding-execution.ts', import.meta.url));
  const worker = await Worker.create({ connection: native, namespace: server.namespace, taskQueue: queue, workflowsPath });
  const running = worker.run();
  const { client } = connected;
  const start = (taskQueue: string, input: Demanding) =>
    client.workflow.start('execution', { workflowId: executionWorkflowId(`e-${randomUUID()}` as ExecutionId), taskQueue, args: [input] });
  const source = temporalDemand(client, queue);
  expect(await source.look()).toEqual({ waiting: [{ capabilities: [], tasks: 0, shared: true }], complete: true });

  const handles = [
    await start(queue, { waiting: [{ capabilities: ['db'], tasks: 3 }, { capabilities: [], tasks: 1 }] }),
    await start(queue, { waiting: [{ capabilities: ['db'], tasks: 2 }], scheduled: 4 }),
    await start(queue, {}),
  ];
  // Nobody polls there; it is none of the queue's.
  const elsewhere = await start(`${queue}-other`, { waiting: [{ capabilities: ['gpu'], tasks: 9 }] });
  const until = async (wanted: (demand: Demand) => boolean): Promise<Demand> => {
    for (;;) {
      const demand = await source.look();
      if (wanted(demand)) return demand;
      await delay(100);
    }
  };
  const total = ({ waiting }: Demand): number => waiting.reduce((sum, { tasks }) => sum + tasks, 0);
  const demand = await until((seen) => total(seen) === 10 && seen.complete);
  expect(demand.waiting[0]).toEqual({ capabilities: [], tasks: 4, shared: true });
  expect(demand.waiting.slice(1).toSorted((a, b) => b.tasks - a.tasks)).toEqual([
    { capabilities: ['db'], tasks: 3 },
    { capabilities: ['db'], tasks: 2 },
    { capabilities: [], tasks: 1 },
  ]);

  await handles[0]?.terminate();
  await until((seen) => total(seen) === 6);
  worker.shutdown();
  await running;
  expect(await source.look()).toEqual({ waiting: [{ capabilities: [], tasks: 4, shared: true }], complete: false });
  for (const handle of [...handles.slice(1), elsewhere]) await handle.terminate();
  await native.close();
});
