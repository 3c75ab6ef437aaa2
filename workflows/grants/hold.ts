/**
 * What the workflow of an attempt does with its grants: says again and again that it holds them, and gives them
 * back when its process has ended, however it ended.
 */
import { CancellationScope, sleep } from '@temporalio/workflow';
import type { AttemptInput, AttemptResult } from '../../model/attempt.ts';
import { RENEW_MS } from '../../model/mutex.ts';
import { askMutex, tellMutex } from './send.ts';

/** A worker that is not heard from for this long has been given up: its process has been dying for as long. */
const UNHEARD_MS = 10_000;
/** More than the process needs to be gone after SIGKILL. */
const MARGIN_MS = 2_000;

/** Runs the attempt while its grants are held. Without grants it is the attempt and nothing else. */
export const holding = async (input: AttemptInput, attempt: () => Promise<AttemptResult>): Promise<AttemptResult> => {
  const { grants = [], graceMs } = input;
  if (grants.length === 0) return attempt();
  // An attempt that is cancelled holds what it has until its process has ended.
  const renewal = new CancellationScope({ cancellable: true, parent: new CancellationScope({ cancellable: false }) });
  const renewing = renewal.run(() => renew(input)).catch(() => undefined);
  const result = await attempt();
  await CancellationScope.nonCancellable(async () => {
    // Nobody could tell us that the process has ended: it is ended with its worker, after its grace.
    if (result.failure?.reason === 'lost') await sleep(Math.max(0, graceMs - UNHEARD_MS) + MARGIN_MS, { summary: 'the end of a lost process' });
    renewal.cancel();
    await renewing;
    await Promise.all(grants.map(({ domain, announcement: { id } }) => askMutex(domain, 'release', { id })));
  });
  return result;
};

const renew = async ({ grants = [] }: AttemptInput): Promise<void> => {
  for (;;) {
    await sleep(RENEW_MS, { summary: 'renewal of grants' });
    // A mutex that is away has nobody to serve: whoever asks next starts one, and hears from us within its probation.
    await CancellationScope.nonCancellable(() => Promise.all(grants.map(({ domain, announcement }) => tellMutex(domain, 'announce', announcement))));
  }
};
