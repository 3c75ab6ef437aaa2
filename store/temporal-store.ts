/**
 * The plan store that needs nothing but the Temporal server: each chunk of a plan is the input of a workflow of
 * type `plan` that stays open on a task queue nobody polls, and is read from its first history event. No worker
 * is needed, and while the workflow is open no retention applies.
 *
 * Chunk 0 carries the manifest in its memo; it is written last and ended first. Without it a plan is not there.
 */
import type { Client } from '@temporalio/client';
import type { StoredPlan } from '../model/graph.ts';
import { isContentHash } from '../model/ids.ts';
import type { ContentHash } from '../model/ids.ts';
import { TasksError } from '../model/problem.ts';
import { canonicalContent } from './hash.ts';
import { damaged, missing, verifiedPlan } from './packed-plan.ts';
import {
  chunkPayloads,
  chunkWorkflowId,
  manifestPayload,
  PLAN_ID_PREFIX,
  parseChunkWorkflowId,
  readManifest,
  textOfChunk,
} from './plan-chunk.ts';
import type { PlanManifest } from './plan-chunk.ts';
import type { PlanStore, StoredPlanInfo } from './plan-store.ts';
import { PlanWorkflows } from './plan-workflows.ts';

const MANIFEST = 'TasksPlanManifest';
/** Shown for chunks without a manifest: a put that is under way, or one that died. */
export const INCOMPLETE_NAME = '(incomplete)';

export class TemporalPlanStore implements PlanStore {
  readonly location = 'temporal:';
  readonly #workflows: PlanWorkflows;
  readonly #where: string;

  constructor(options: { readonly client: Client }) {
    this.#workflows = new PlanWorkflows(options.client);
    this.#where = `the plan store temporal: (namespace ${options.client.options.namespace})`;
  }

  async put(plan: StoredPlan): Promise<ContentHash> {
    const { hash, json } = canonicalContent(plan);
    await this.#writing(async () => {
      const existing = await this.#manifest(hash);
      if (existing && (await this.#isWhole(hash, existing))) return;
      const [first, ...others] = await chunkPayloads(json);
      if (!first) return;
      const replace = existing !== undefined;
      await Promise.all(
        others.map((input, index) =>
          this.#workflows.start({ workflowId: chunkWorkflowId(hash, index + 1), input, replace }),
        ),
      );
      const bytes = [first, ...others].reduce((sum, payload) => sum + (payload.data?.length ?? 0), 0);
      const manifest = { name: plan.graph.name, format: plan.format, tasks: plan.graph.tasks.length, chunks: others.length + 1, bytes };
      const memo = { [MANIFEST]: manifestPayload(manifest) };
      await this.#workflows.start({ workflowId: chunkWorkflowId(hash, 0), input: first, memo, replace });
    });
    return hash;
  }

  async get(hash: ContentHash): Promise<StoredPlan> {
    return this.#reading(async () => {
      const manifest = await this.#manifest(hash);
      if (!manifest) {
        const hint = 'Clients and workers must use the same server and namespace; store the plan again, or check that nobody ended its workflows.';
        throw missing({ hash, where: this.#where, hint });
      }
      const chunks = Array.from({ length: manifest.chunks }, (_, index) => this.#chunk(hash, index));
      return verifiedPlan({ hash, json: Buffer.concat(await Promise.all(chunks)), where: this.#where });
    });
  }

  async list(): Promise<readonly StoredPlanInfo[]> {
    const infos = new Map<ContentHash, StoredPlanInfo>();
    await this.#reading(async () => {
      for await (const { workflowId, memo, startedAt } of this.#workflows.list(PLAN_ID_PREFIX)) {
        const chunk = parseChunkWorkflowId(workflowId);
        if (!chunk) continue;
        const { hash } = chunk;
        const manifest = chunk.index === 0 ? readManifest(memo.get(MANIFEST)) : undefined;
        const storedAt = startedAt.toISOString();
        if (manifest) {
          const { chunks: _, ...shown } = manifest;
          infos.set(hash, { hash, ...shown, storedAt });
        } else if (!infos.has(hash)) infos.set(hash, { hash, name: INCOMPLETE_NAME, tasks: 0, bytes: 0, storedAt });
      }
    });
    return [...infos.values()];
  }

  async delete(hash: ContentHash): Promise<void> {
    if (!isContentHash(hash)) return;
    await this.#writing(async () => {
      const manifest = await this.#manifest(hash);
      await this.#workflows.end(chunkWorkflowId(hash, 0));
      const others = new Set<string>();
      for (let index = 1; index < (manifest?.chunks ?? 0); index++) others.add(chunkWorkflowId(hash, index));
      // A put that died has left no manifest to count them by.
      if (!manifest) for await (const found of this.#workflows.list(`${PLAN_ID_PREFIX}${hash}/`)) others.add(found.workflowId);
      await Promise.all([...others].map((workflowId) => this.#workflows.end(workflowId)));
    });
  }

  async #manifest(hash: ContentHash): Promise<PlanManifest | undefined> {
    if (!isContentHash(hash)) return undefined;
    const workflow = await this.#workflows.open(chunkWorkflowId(hash, 0));
    return readManifest(workflow?.memo.get(MANIFEST));
  }

  async #chunk(hash: ContentHash, index: number): Promise<Buffer> {
    const payload = await this.#workflows.input(chunkWorkflowId(hash, index));
    if (!payload) throw damaged({ hash, where: this.#where, why: `chunk ${index} is gone` });
    return textOfChunk(payload).catch((cause: unknown) => {
      throw damaged({ hash, where: this.#where, why: `chunk ${index} does not decompress`, cause });
    });
  }

  /** Readable, and no chunk closed: a closed one would go when its retention ends. */
  async #isWhole(hash: ContentHash, manifest: PlanManifest): Promise<boolean> {
    const ids = Array.from({ length: manifest.chunks }, (_, index) => chunkWorkflowId(hash, index));
    const open = await Promise.all(ids.map((workflowId) => this.#workflows.open(workflowId)));
    if (open.includes(undefined)) return false;
    return this.get(hash).then(
      () => true,
      () => false,
    );
  }

  #reading<T>(read: () => Promise<T>): Promise<T> {
    return read().catch(failedTo('read', 'TASKS4001', this.#where));
  }

  #writing(write: () => Promise<void>): Promise<void> {
    return write().catch(failedTo('written', 'TASKS4003', this.#where));
  }
}

const failedTo =
  (verb: 'read' | 'written', code: 'TASKS4001' | 'TASKS4003', where: string) =>
  (cause: unknown): never => {
    if (cause instanceof TasksError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    const hint = 'Check that the Temporal server is reachable and lets this client start and read workflows.';
    throw new TasksError({ code, message: `${where} cannot be ${verb}: ${why}.`, hint }, { cause });
  };
