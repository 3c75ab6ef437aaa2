import { defineConfig } from 'vitest/config';

/** Rooms whose tests are functions of their input alone: they need no server, and files share what they load. */
const PURE = ['model', 'planner', 'resources', 'scheduler'].map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: { name: 'real', include: ['test/**/*.test.ts'], exclude: ['test/fixtures/**', ...PURE], globalSetup: ['test/support/global-setup.ts'] },
      },
    ],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes when it comes: on a busy machine later than within the second that is usual here.
    expect: { poll: { timeout: 30_000 } },
  },
});
