/** Tests that see what mutants of validation and of the graph change: those of these rooms, in one project, without a server. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    name: 'pure',
    include: ['test/planner/{validate,dag}/**/*.test.ts'],
    isolate: false,
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 20_000,
  },
});
