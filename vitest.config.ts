import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/fixtures/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes when it comes: on a busy machine later than within the second that is usual here.
    expect: { poll: { timeout: 30_000, interval: 200 } },
    globalSetup: ['test/support/global-setup.ts'],
    reporters: ['default'],
  },
});
