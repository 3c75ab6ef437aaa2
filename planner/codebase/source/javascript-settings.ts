/** Numbers in a tool's configuration that say how much of something there is: `maxWorkers: 4`, `pool: { max: 10 }`. */
import type { SgNode } from '@ast-grep/napi';
import type { Collector } from './collector.ts';
import { fieldText, literal } from './nodes.ts';

const KEYS = new Set(['maxWorkers', 'maxForks', 'maxThreads', 'workers', 'max']);
const MAX_DEPTH = 8;

export const readSettings = (pair: SgNode, into: Collector): void => {
  const value = pair.field('value');
  const key = keyOf(pair);
  if (!KEYS.has(key) || value?.kind() !== 'number' || !/^[1-9]\d{0,5}$/.test(value.text())) return;
  const path = [key];
  for (let around = pair.parent(), depth = 0; around && depth < 4 * MAX_DEPTH && path.length < MAX_DEPTH; around = around.parent(), depth += 1) {
    if (around.kind() === 'pair') path.unshift(keyOf(around));
  }
  into.setting(path, Number(value.text()));
};

const keyOf = (pair: SgNode): string => literal(pair.field('key')) ?? fieldText(pair, 'key');
