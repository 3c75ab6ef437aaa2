/** Loaded into a worker's process before it (`--import`): tells its memory, after a collection, when asked. */
const collect = (globalThis as { readonly gc?: () => void }).gc;

process.on('message', (message) => {
  if (message !== 'memory') return;
  collect?.();
  collect?.();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({ rss, heapUsed });
});
// The worker decides when its process ends.
process.channel?.unref();
