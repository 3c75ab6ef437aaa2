/** The workflow types of this system; the bundler takes every export. */
export { execution } from './execution.ts';
export { mutex } from './mutex.ts';
export { pool } from './pool.ts';
export { quarantine } from './quarantine.ts';
export { task } from './task.ts';
