/** The two ways in which every promise about workflows must hold. */
import { sharedServer, shortHistoryServer } from './server.ts';

export const modes = [
  { name: 'as users run it', server: () => Promise.resolve(sharedServer()), cachedWorkflows: 600 },
  { name: 'replayed for every task, continued as new every 100 events', server: shortHistoryServer, cachedWorkflows: 1 },
];
