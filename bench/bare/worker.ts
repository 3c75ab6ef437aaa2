/**
 * A worker of the baseline, with the options of ours where they matter: 50 activities at once, the same cache. With
 * `BENCH_TUNER`, percent of processors and of memory (`80,85`), the machine decides as well.
 */
import { NativeConnection, Worker } from '@temporalio/worker';
import { DEFAULT_SLOTS } from '../../worker.ts';
import { installRuntime } from '../../temporal/runtime.ts';
import { createController, createTuner } from '../../temporal/tuner.ts';
import * as activities from './activities.ts';

installRuntime();
const slots = Number(process.env['BENCH_SLOTS'] ?? DEFAULT_SLOTS);
const [cpu, memory] = (process.env['BENCH_TUNER'] ?? '').split(',').map(Number);
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
const worker = await Worker.create({
  connection,
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
  taskQueue: process.env['BENCH_QUEUE'] ?? 'bare',
  workflowBundle: { codePath: process.env['BENCH_BARE_BUNDLE'] ?? '' },
  activities,
  ...(cpu !== undefined && memory !== undefined
    ? { tuner: createTuner({ slots, controller: createController({ cpu, memory }) }) }
    : { maxConcurrentActivityTaskExecutions: slots }),
  stickyQueueScheduleToStartTimeout: '2s',
});
process.stderr.write('worker of the baseline is ready\n');
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
await connection.close();
process.exit(0);
