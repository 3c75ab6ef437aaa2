/** A worker of the baseline, with the options of ours where they matter: 50 activities at once, the same cache. */
import { NativeConnection, Worker } from '@temporalio/worker';
import { DEFAULT_SLOTS } from '../../worker.ts';
import { installRuntime } from '../../temporal/runtime.ts';
import * as activities from './activities.ts';

installRuntime();
const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
const worker = await Worker.create({
  connection,
  namespace: process.env['TEMPORAL_NAMESPACE'] ?? 'default',
  taskQueue: 'bare',
  workflowBundle: { codePath: process.env['BENCH_BARE_BUNDLE'] ?? '' },
  activities,
  maxConcurrentActivityTaskExecutions: Number(process.env['BENCH_SLOTS'] ?? DEFAULT_SLOTS),
  stickyQueueScheduleToStartTimeout: '2s',
});
process.stderr.write('worker of the baseline is ready\n');
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
await connection.close();
process.exit(0);
