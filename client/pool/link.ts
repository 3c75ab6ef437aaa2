/** What a worker process says to the pool that started it, over the channel of `child_process`. */

export type WorkerMessage =
  /** It takes tasks. */
  | { readonly type: 'ready'; readonly identity: string }
  /** How many commands it runs, whenever that changes. */
  | { readonly type: 'running'; readonly commands: number };

/** Undefined for anything else. */
export const readMessage = (value: unknown): WorkerMessage | undefined => {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, identity, commands } = value as Record<string, unknown>;
  if (type === 'ready' && typeof identity === 'string') return { type, identity };
  return type === 'running' && typeof commands === 'number' && Number.isSafeInteger(commands) && commands >= 0 ? { type, commands } : undefined;
};

/** In the worker: the pool that started it. */
export interface PoolLink {
  tell(message: WorkerMessage): void;
}

type Channel = Pick<NodeJS.Process, 'connected' | 'send' | 'once'>;

/** `onGone` is called when the pool has gone, however it went. Undefined when this process has been started by something else. */
export const poolLink = (channel: Channel, onGone: () => void): PoolLink | undefined => {
  if (!channel.connected) return undefined;
  channel.once('disconnect', onGone);
  return {
    // A pool that goes in this moment needs no answer any more.
    tell: (message) => void (channel.connected && channel.send?.(message, () => undefined)),
  };
};
