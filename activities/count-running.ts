/** Tells whoever wants to know how many commands this process runs. */
import type { Activities } from '../model/activity.ts';

export const countRunning = (activities: Activities, tell: ((commands: number) => void) | undefined): Activities => {
  if (!tell) return activities;
  let running = 0;
  const change = (by: number): void => {
    running += by;
    tell(running);
  };
  return {
    ...activities,
    runAttempt: async (input) => {
      change(1);
      try {
        return await activities.runAttempt(input);
      } finally {
        change(-1);
      }
    },
  };
};
