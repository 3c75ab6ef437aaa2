/** The one data converter of every client and worker: whoever reads what another wrote needs the same. */
import type { DataConverter } from '@temporalio/common';
import { CompressingCodec } from './codec.ts';

export const dataConverter: DataConverter = { payloadCodecs: [new CompressingCodec()] };
