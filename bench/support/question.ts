/** What an `asker` of the baseline asks, again and again. */
import type { GrantRequest } from '../../model/mutex.ts';

export type Question =
  | { readonly of: 'echo'; readonly rounds: number }
  | { readonly of: 'mutex'; readonly rounds: number; readonly mutex: string; readonly request: Omit<GrantRequest, 'id' | 'since'> };
