/** The least an activity can do to run a command. */
import { execa } from 'execa';

export const run = async (command: string): Promise<{ readonly exitCode: number }> => {
  const { exitCode = -1 } = await execa('/bin/sh', ['-c', command], { reject: false });
  return { exitCode };
};
