/** How much of a machine a plan asks for: room for as many tasks at once as may run, each at its peak. Never less than one task needs. */
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { Tasks } from '../artifacts/tasks.schema.ts';

const most = (tasks: readonly PlannedTask[], field: 'cpu_cores' | 'memory_mb' | 'disk_io_mbps', least: number): number => Math.max(least, ...tasks.map(({ resource_requirements: { peak } }) => peak[field]));

export const resourceLimits = (tasks: readonly PlannedTask[], maxConcurrent: number): Tasks['meta']['resource_limits'] => ({
  max_concurrent_tasks: maxConcurrent,
  max_cpu_cores: Math.ceil(most(tasks, 'cpu_cores', 1) * maxConcurrent),
  max_memory_gb: Math.ceil((most(tasks, 'memory_mb', 512) * maxConcurrent) / 1_024),
  max_disk_io_mbps: Math.ceil(most(tasks, 'disk_io_mbps', 10) * maxConcurrent),
});
