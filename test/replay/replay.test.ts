/**
 * Recorded histories, replayed by the workflows of today: a change that would stop a running execution in its
 * tracks fails here. `scripts/record-histories.mjs` records them and says when it may.
 */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ExecutionEvent } from '../../model/event.ts';
import { workflowBundlePath } from '../../temporal/bundle.ts';
import { dataConverter } from '../../temporal/data-converter.ts';
import { installRuntime } from '../../temporal/runtime.ts';

const { History } = proto.temporal.api.history.v1;
const HISTORIES = new URL('histories/', import.meta.url);

interface Recorded {
  readonly workflowId: string;
  readonly history: { readonly events: readonly Record<string, unknown>[] };
}

const names = readdirSync(HISTORIES).filter((file) => file.endsWith('.json')).toSorted();
const recorded = async (name: string): Promise<Recorded> => JSON.parse(await readFile(new URL(name, HISTORIES), 'utf8')) as Recorded;

const replay = async ({ workflowId, history }: Recorded): Promise<ExecutionEvent[]> => {
  const events: ExecutionEvent[] = [];
  const collect = { fn: (_info: unknown, event: ExecutionEvent) => void events.push(event), callDuringReplay: true };
  const workflowBundle = { codePath: fileURLToPath(workflowBundlePath()) };
  await Worker.runReplayHistory({ workflowBundle, dataConverter, sinks: { tasksEvents: { event: collect } } }, History.fromObject(history), workflowId);
  return events;
};

/** Of local activities; not the one of `patched`. */
const hasOwnMarker = async (name: string): Promise<boolean> => {
  const { history } = await recorded(name);
  return history.events.some(({ markerRecordedEventAttributes: marker }) => marker !== undefined && marker !== null && (marker as { readonly markerName?: string }).markerName !== 'core_patch');
};
const eventTypes = async (name: string): Promise<string[]> => (await recorded(name)).history.events.map(({ eventType }) => String(eventType));

beforeAll(() => installRuntime({ logLevel: 'ERROR' }));

describe('a recorded history', () => {
  test.each(names)('%s replays', async (name) => {
    const events = await replay(await recorded(name));
    const [first] = events;
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => (first?.seq ?? 0) + i));
  });

  test('of each way that an execution can go is there', async () => {
    const all = new Set((await Promise.all(names.map(eventTypes))).flat());
    for (const type of ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', 'ACTIVITY_TASK_SCHEDULED', 'TIMER_STARTED', 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', 'REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', 'WORKFLOW_EXECUTION_FAILED']) {
      expect(all, type).toContain(`EVENT_TYPE_${type}`);
    }
    // Local activities would leave markers: see `Activities`.
    expect((await Promise.all(names.map(hasOwnMarker))).filter(Boolean)).toEqual([]);
  });

  test('continues over the boundaries between runs without a gap', async () => {
    const events: ExecutionEvent[] = [];
    for (const name of names.filter((file) => /^runs-\d+\.json$/.test(file))) events.push(...(await replay(await recorded(name))));
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'execution_completed', outcome: 'succeeded' });
  });

  test('that the workflows would not write is refused', async () => {
    const { workflowId, history } = await recorded('children.json');
    const renamed = JSON.stringify(history).replaceAll('tasks/children/t/T0/1', 'tasks/children/t/T0/2');
    await expect(replay({ workflowId, history: JSON.parse(renamed) as Recorded['history'] })).rejects.toThrow(/determinis/i);
  });
});
