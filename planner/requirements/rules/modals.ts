/**
 * Words that make a sentence binding (RFC 2119 and ordinary English); the strongest one in a sentence counts. Points are
 * rounded weights of a regression over sentences of half of the documents of the benchmark (`bench/README.md`).
 */
import type { Strength } from '../../artifacts/coverage.schema.ts';
import type { Sign } from './rule.ts';

export interface Modal extends Sign {
  readonly strength: Strength;
}

export const MODALS: readonly Modal[] = [
  { id: 'rfc-must', finds: 'MUST, SHALL, REQUIRED and their negatives in capitals', example: 'The client MUST NOT retry.', strength: 'must', points: 12, pattern: /\b(?:MUST|SHALL|REQUIRED)\b/ },
  { id: 'rfc-should', finds: 'SHOULD, RECOMMENDED in capitals', example: 'Servers SHOULD compress.', strength: 'should', points: 12, pattern: /\b(?:SHOULD|RECOMMENDED)\b/ },
  { id: 'rfc-may', finds: 'MAY, OPTIONAL in capitals', example: 'A client MAY cache.', strength: 'may', points: 12, pattern: /\b(?:MAY|OPTIONAL)\b/ },
  { id: 'modal-must', finds: 'must, shall', example: 'The system shall log every failure.', strength: 'must', points: 5, pattern: /\b(?:must|shall|mustn['’]t|shan['’]t)\b/i },
  { id: 'modal-should', finds: 'should, ought to, is recommended', example: 'The list should be sorted by date.', strength: 'should', points: 5, pattern: /\b(?:should|shouldn['’]t|ought to|(?:is|are) recommended)\b/i },
  { id: 'modal-need', finds: 'needs to, has to, is required to, requires', example: 'Passwords need to be hashed.', strength: 'must', points: 2, pattern: /\b(?:needs? to|ha(?:s|ve) to|(?:is|are|be) (?:required|needed|necessary|mandatory|essential|obliged)|requires?)\b/i },
  { id: 'modal-ability', finds: 'be able to, the ability to, is capable of', example: 'Users are able to export their data.', strength: 'stated', points: 3, pattern: /\b(?:able to|ability (?:to|for)|capability|capable of)\b/i },
  { id: 'modal-will', finds: 'will', example: 'The server will answer within a second.', strength: 'must', points: 2, pattern: /\b(?:will|won['’]t)\b/i },
  { id: 'modal-may', finds: 'may, might', example: 'A user may upload a picture.', strength: 'may', points: 1, pattern: /\b(?:may|might)\b/i },
  { id: 'modal-can', finds: 'can, cannot, could', example: 'Members can leave a group.', strength: 'stated', points: 1, pattern: /\b(?:can|can['’]t|cannot|could)\b/i },
];

/** What is forbidden rather than asked for. */
export const PROHIBITION = /\b(?:(?:must|shall|should|may|will|can|is to|are to)(?: not|n['’]t)|mustn['’]t|shan['’]t|won['’]t|cannot|can['’]t|never|under no circumstances|(?:is|are) (?:not allowed|not permitted|forbidden|prohibited))\b/i;
