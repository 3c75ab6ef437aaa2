/** Events from histories, in a process that has no worker: the native runtime lives only as long as something uses it. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { rebuildEvents } from '../../client/rebuild-events.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { connect } from '../../temporal/connect.ts';
import { makePlan } from '../support/plan.ts';
import { startRig } from '../support/rig.ts';
import { sharedServer } from '../support/server.ts';

const finished = async (): Promise<ExecutionId> => {
  await using rig = await startRig({ server: sharedServer() });
  const execution = await rig.start(makePlan([{ id: 'a' }, { id: 'b', deps: ['a'] }]));
  expect((await rig.tasks.result(execution)).outcome).toBe('succeeded');
  return execution;
};

test('many at once are all told the same', { timeout: 60_000 }, async () => {
  const execution = await finished();
  const connected = await connect(sharedServer());
  const { client } = connected;
  try {
    const types = async (): Promise<string[]> => {
      const found: string[] = [];
      for await (const { type } of rebuildEvents({ client, execution, from: 1, before: Infinity })) found.push(type);
      return found;
    };
    const expected = await types();
    expect(expected).toContain('execution_completed');
    // One often begins while another ends: that is when nothing seems to use the runtime any more.
    const again = async (apartMs: number): Promise<void> => {
      for (let i = 0; i < 8; i += 1) {
        expect(await types()).toEqual(expected);
        await delay(apartMs);
      }
    };
    await Promise.all([0, 7, 23].map(again));
  } finally {
    await connected.close();
  }
});
