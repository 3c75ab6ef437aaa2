/**
 * A plan's features, tasks and dependencies by a drafter: asked, checked, asked again with what did not hold, twice at most.
 * Where nothing usable comes of it the rules' own draft stands in, and a warning says so.
 */
import type { Problem } from '../../model/problem.ts';
import type { Dependency } from '../artifacts/tasks.schema.ts';
import { draftWork, finishWork } from '../breakdown/break-down.ts';
import type { Breakdown } from '../breakdown/break-down.ts';
import type { CodebaseAnalysis } from '../codebase/analysis.ts';
import type { SpecDocument } from '../document/document.ts';
import { counted } from '../read/words.ts';
import type { Requirements } from '../requirements/unit.ts';
import { makeRequest } from './draft-request.ts';
import type { DraftRequest, Repair } from './draft-request.ts';
import type { Drafter } from './drafter.ts';
import { verifyDraft } from './verify-draft.ts';
import type { VerifiedDraft } from './verify-draft.ts';

export const MAX_REPAIR_ROUNDS = 2;
/** Findings that are sent back at most, and characters of the answer that goes with them. */
const MAX_FINDINGS = 60;
const MAX_ANSWER = 400_000;

export interface DraftPlanOptions {
  readonly document: SpecDocument;
  readonly requirements: Requirements;
  readonly codebase: CodebaseAnalysis;
  readonly drafter: Drafter;
  readonly signal: AbortSignal;
  /** Values that must not leave the machine, beside whatever looks like a secret. */
  readonly secrets?: readonly string[];
}

export interface DraftedPlan {
  readonly breakdown: Breakdown;
  readonly dependencies: readonly Dependency[];
  /** What was asked and how it ended: one line for each answer. */
  readonly rounds: readonly string[];
  /** What was not sent, what did not hold and what became of it: one line each. */
  readonly report: readonly string[];
  /** TASKS1608 where the drafter was of no use, or not of all that it could be. */
  readonly warnings: readonly Problem[];
  /** Name of the drafter whose draft it is; undefined for the rules' own. */
  readonly usedDrafter: string | undefined;
}

/** Rejects only with the reason of the signal. */
export const draftPlan = async ({ document, requirements, codebase, drafter, signal, secrets = [] }: DraftPlanOptions): Promise<DraftedPlan> => {
  const against = { document, requirements, codebase, secrets };
  const offline = draftWork(document, requirements, codebase);
  const request = makeRequest(against);
  const rounds = await askUntilItHolds({ drafter, request, signal, verify: (answer) => verifyDraft({ ...against, answer, offline }) });
  const head = request.cut.map((each) => `not sent: ${each}`);
  if (rounds.best) {
    const { breakdown, dependencies, report } = rounds.best;
    return { breakdown, dependencies, rounds: rounds.lines, report: [...head, ...report], warnings: rounds.problems, usedDrafter: drafter.name };
  }
  return {
    breakdown: finishWork(offline, requirements, codebase),
    dependencies: [],
    rounds: [...rounds.lines, 'the offline draft stands in'],
    report: head,
    warnings: rounds.problems.length > 0 ? rounds.problems : [unusable(drafter, rounds.lines)],
    usedDrafter: undefined,
  };
};

interface Rounds {
  readonly best: VerifiedDraft | undefined;
  readonly lines: readonly string[];
  readonly problems: readonly Problem[];
}

interface Asking {
  readonly drafter: Drafter;
  readonly request: DraftRequest;
  readonly signal: AbortSignal;
  readonly verify: (answer: unknown) => ReturnType<typeof verifyDraft>;
}

/** The draft with the fewest findings that the drafter could have mended; of equal ones the first. */
const askUntilItHolds = async ({ drafter, request, signal, verify }: Asking): Promise<Rounds> => {
  const lines: string[] = [];
  let best: VerifiedDraft | undefined;
  let repair: Repair | undefined;
  for (let round = 0; round <= MAX_REPAIR_ROUNDS; round += 1) {
    signal.throwIfAborted();
    const answered = await ask(drafter, repair ? { ...request, repair } : request, signal);
    if (!answered.ok) return { best, lines: [...lines, `${asked(round)}: ${answered.error.map(({ message }) => message).join('; ')}`], problems: answered.error };
    const verified = verify(answered.value);
    const open = verified.ok ? verified.value.open : verified.error.open;
    lines.push(`${asked(round)}: ${verified.ok ? `${verified.value.tasks.held} of ${counted(verified.value.tasks.drafted, 'task')} hold, ${counted(open.length, 'finding')} to mend` : `not usable: ${verified.error.report[0] ?? ''}`}`);
    if (verified.ok && (!best || verified.value.open.length < best.open.length)) best = verified.value;
    if (open.length === 0) break;
    repair = { round: round + 1, findings: open.slice(0, MAX_FINDINGS), answer: bounded(answered.value) };
  }
  return { best, lines, problems: [] };
};

const asked = (round: number): string => (round === 0 ? 'asked' : `asked again (${round} of ${MAX_REPAIR_ROUNDS})`);

const ask = async (drafter: Drafter, request: DraftRequest, signal: AbortSignal): ReturnType<Drafter['draft']> => {
  try {
    return await drafter.draft(request, { signal });
  } catch (error) {
    signal.throwIfAborted();
    // Its text may hold anything, secrets too.
    return { ok: false, error: [problem(drafter, `it broke down (${error instanceof Error ? error.name : typeof error})`)] };
  }
};

/** An answer that is too long, or too deep to be written down, is not sent back. */
const bounded = (answer: unknown): unknown => {
  try {
    return JSON.stringify(answer).length <= MAX_ANSWER ? answer : 'left out, for it was too long';
  } catch {
    return 'left out';
  }
};

const problem = ({ name }: Drafter, what: string): Problem => ({ code: 'TASKS1608', message: `the drafter ${name}: ${what}`, hint: 'The plan is that of the rules. Look at what the drafter says, or leave --drafter out.' });

const unusable = (drafter: Drafter, lines: readonly string[]): Problem => problem(drafter, `none of its ${counted(lines.length, 'answer')} was usable`);
