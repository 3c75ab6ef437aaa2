/**
 * One attempt of one task, from its input to its result, without Temporal. A failure of any kind is a result;
 * nothing is thrown. Nothing that the attempt started runs when it resolves.
 */
import { randomUUID } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { isExecutionId, isTaskId } from '../../model/ids.ts';
import type { AttemptInput, AttemptResult, CompensationResult, HeldGrant } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { oomKills } from '../../resources/host/oom-kills.ts';
import { readAnswer } from '../briefing/answer.ts';
import type { PatchReader } from '../briefing/answer.ts';
import { givenTo, ordersOf } from '../briefing/orders.ts';
import type { Given } from '../briefing/orders.ts';
import { commitTask } from '../git/commit-task.ts';
import { checkpointDirectory, openCheckpoints } from '../checkpoint/attempt-checkpoints.ts';
import type { News } from '../checkpoint/recorder.ts';
import { openWorktree, wantsWorktree } from '../workspace/attempt-worktree.ts';
import type { AttemptWorktree } from '../workspace/attempt-worktree.ts';
import { artifactStates, changedArtifacts, scopeStates, touchedFiles, unchangedArtifacts } from './artifacts.ts';
import { attemptFiles, LOG_LIMIT_BYTES, prepareAttemptDirectory, type AttemptFiles } from './attempt-files.ts';
import { reapLocks } from './attempt-lock.ts';
import { readEarlierResult, writeResult } from './attempt-result-file.ts';
import { createSession, type AttemptSession } from './attempt-session.ts';
import { runSteps, type Phase } from './attempt-steps.ts';
import type { FailedVerdict, Verdict } from './attempt-verdict.ts';
import { attemptResult, type ResultParts } from './attempt-result.ts';
import { compensate, isKnownFailure } from './compensate.ts';
import { confine } from './confine.ts';
import { commandEnvironment, environmentProblem } from './environment.ts';
import type { Launcher } from './launcher/launcher.ts';
import { RUN_VARIABLE } from './launcher/strays.ts';
import { redact, secretNeedles } from '../../model/redact.ts';
import { appendTaskLog, endLine, startLine, wantsTaskLog } from './task-log.ts';
import { createSuspension } from './suspension.ts';
import type { Suspension } from './suspension.ts';
import type { TaskSource } from './task-source.ts';

export interface AttemptServices {
  readonly source: TaskSource;
  readonly launcher: Launcher;
  /** Name of the worker, as results state it. */
  readonly worker: string;
  readonly host: string;
  /** The worker's environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** This program, for commands that call it. */
  readonly program?: Program;
  /** Reads the hot updates that attempts answer with. */
  readonly readPatch?: PatchReader;
}

/** Absolute paths of Node and of what it runs as `tasks`. */
export interface Program {
  readonly node: string;
  readonly cli: string;
}

export interface AttemptOptions {
  /** Aborted with a `StopReason`. */
  readonly signal: AbortSignal;
  /** Of its commands. */
  readonly suspension?: Suspension;
  readonly onPhase?: (phase: Phase) => void;
  /** What its execution should hear while it runs. */
  readonly onNews?: (news: News, spec: TaskSpec) => void;
}

const failedAs = (reason: FailedVerdict['reason'], message: string): FailedVerdict => ({ outcome: 'failed', reason, message });

const inputProblem = ({ execution, task, attempt }: AttemptInput): string | undefined => {
  if (!isExecutionId(execution)) return 'The execution id is not valid.';
  if (!isTaskId(task)) return 'The task id is not valid.';
  return Number.isSafeInteger(attempt) && attempt >= 1 ? undefined : 'The attempt number is not valid.';
};

const realDirectory = async (path: string): Promise<string | undefined> => {
  try {
    const [real, found] = await Promise.all([realpath(path), stat(path)]);
    return found.isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
};

const workingDirectory = async ({ workspace, spec }: { workspace: string; spec: TaskSpec }): Promise<string | FailedVerdict> => {
  if (spec.directory === undefined) return workspace;
  const place = await confine({ workspace, path: spec.directory });
  if (!place.inside) return failedAs('spawn', `${place.message}.`);
  return (await realDirectory(place.path)) ?? failedAs('spawn', `The task's directory ${JSON.stringify(spec.directory)} does not exist.`);
};

interface Prepared {
  readonly input: AttemptInput;
  readonly spec: TaskSpec;
  readonly given: Given;
  /** Of the execution; a real path, as the next. */
  readonly home: string;
  /** Where its commands run: there, or in a worktree. */
  readonly workspace: string;
  readonly worktree: AttemptWorktree | undefined;
  readonly files: AttemptFiles;
  readonly result: (parts: ResultParts) => AttemptResult;
}

/** What its checkpoints have kept contradicts the workspace as well. */
const isConflict = (verdict: Verdict): boolean => verdict.outcome === 'failed' && verdict.reason === 'conflict';

/** Where an answer is asked for, one that cannot be used is a failure. */
const answered = async ({ readPatch }: AttemptServices, { input, spec, files }: Prepared, verdict: Verdict): Promise<Pick<ResultParts, 'verdict' | 'patch'>> => {
  if (!spec.answersPatch || !readPatch || verdict.outcome !== 'succeeded') return { verdict };
  const { execution, task, attempt, executor } = input;
  const answer = await readAnswer({ path: files.patch, execution, fallbackId: `${task}-${attempt}`, read: readPatch });
  if (!answer.ok) return { verdict: { outcome: 'failed', reason: 'check', check: 'hot update', message: `Its answer is no hot update: ${answer.error}.` } };
  return { verdict, ...(answer.value && { patch: { by: executor, ...answer.value } }) };
};

/** Everything after the task is known and its directory is ready. */
const perform = async (services: AttemptServices, prepared: Prepared, options: AttemptOptions): Promise<ResultParts> => {
  const { input, given, home, workspace, worktree, files } = prepared;
  const { signal, suspension = createSuspension(), onPhase = () => {} } = options;
  const orders = await ordersOf({ input, given, workspace, files });
  if ('outcome' in orders) return { verdict: orders };
  const { steps, spec } = orders;
  const badVariable = environmentProblem(spec.environment ?? {});
  if (badVariable !== undefined) return { verdict: failedAs('spawn', badVariable) };
  const directory = await workingDirectory({ workspace, spec });
  if (typeof directory !== 'string') return { verdict: directory };
  // What is kept of artifacts is none itself, wherever the plan lies.
  const except = checkpointDirectory(home, input.checkpoints);

  const before = await artifactStates({ workspace, patterns: spec.artifacts, except });
  // A worktree tells of all that has changed in it.
  const isWatched = input.watchesFiles === true && !worktree;
  const scope = { workspace, spec, except, isWatched: isWatched && steps.command !== undefined };
  const scopeBefore = await scopeStates(scope);
  let session: AttemptSession | undefined;
  const early: string[] = [];
  const note = (text: string): void => (session ? session.note(text) : void early.push(text));
  const runs = steps.command !== undefined;
  const checkpoints = await openCheckpoints({ input: { ...input, checkpoints: { ...input.checkpoints, directory: except } }, spec, workspace, files, runs, note, tell: (news) => options.onNews?.(news, spec) });
  const token = randomUUID();
  const { variables, secrets } = commandEnvironment({
    worker: services.environment,
    plan: spec.environment,
    secrets: spec.secrets,
    own: {
      TASKS_EXECUTION_ID: input.execution,
      TASKS_TASK_ID: input.task,
      TASKS_ATTEMPT: String(input.attempt),
      TASKS_WORKSPACE: workspace,
      TASKS_METRICS_FILE: files.metrics,
      ...(services.program && { TASKS_NODE: services.program.node, TASKS_CLI: services.program.cli }),
      ...orders.environment,
      ...checkpoints.environment,
      ...(input.grants && { TASKS_FENCES: JSON.stringify(fencesOf(input.grants)) }),
      [RUN_VARIABLE]: token,
    },
  });
  const needles = secretNeedles(secrets);
  const killsBefore = await oomKills();
  const startedAt = Date.now();
  const base = {
    directory,
    environment: variables,
    needles,
    graceMs: input.graceMs,
    log: { path: files.log, limit: LOG_LIMIT_BYTES },
    lock: {
      path: files.lock,
      content: { host: services.host, token, execution: input.execution, task: input.task, attempt: input.attempt },
    },
  };
  const shared = { launcher: services.launcher, signal, suspension };
  session = createSession({ ...shared, base, timeoutMs: input.timeoutMs, onReport: (report) => checkpoints.onReport(report) });
  for (const line of [...orders.notes, ...early]) session.note(line);
  if (worktree?.note !== undefined) session.note(worktree.note);
  const clean = (text: string): string => redact(text, needles);
  if (checkpoints.stop !== undefined) return { verdict: failedAs('spawn', checkpoints.stop), clean, log: session.log, ...(await checkpoints.end({ succeeded: false, ranMs: 0 })) };
  const checks = { workspace, metricsFile: files.metrics, startedAt };
  await checkpoints.begin();
  const { verdict: ended, report } = await runSteps({ spec, steps, session, signal, timeoutMs: input.timeoutMs, checks, onPhase });
  const ranMs = Date.now() - startedAt;
  // Before anything is merged: what is to be refused is not in the workspace then.
  const { verdict: ran, patch } = await answered(services, prepared, ended);
  const leaves = async (where = workspace): Promise<Pick<ResultParts, 'artifacts' | 'unchanged' | 'touched'>> => {
    const after = await artifactStates({ workspace: where, patterns: spec.artifacts, except });
    const touched = isWatched ? touchedFiles({ before, after }, { before: scopeBefore, after: await scopeStates(scope) }) : [];
    return { artifacts: changedArtifacts({ before, after }), unchanged: unchangedArtifacts({ before, after, patterns: spec.artifacts }), touched };
  };
  const told = { clean, startedAt, report, use: session.use, ...(patch && { patch }) };
  const soFar = { verdict: ran, ...told, log: session.log };
  const concluded = await worktree?.conclude({ verdict: ran, leaves, result: (more) => prepared.result({ ...soFar, ...more }) });
  const verdict = concluded?.verdict ?? ran;
  if (concluded?.note !== undefined) session.note(concluded.note);
  const passed = await checkpoints.end({ succeeded: verdict.outcome === 'succeeded', ranMs, ...(isConflict(verdict) && { isObsolete: true }) });
  const sessions: AttemptSession[] = [session];
  const undo = async (command: string, terms: NonNullable<AttemptInput['compensation']>): Promise<CompensationResult> => {
    onPhase('compensation');
    const environment = { ...variables, TASKS_ROLLBACK_OF: input.execution, TASKS_ROLLBACK_OF_ATTEMPT: String(input.attempt) };
    const next = (): AttemptSession => createSession({ ...shared, base: { ...base, environment }, timeoutMs: terms.timeoutMs });
    return compensate({ command, terms, signal, session: () => sessions[sessions.push(next()) - 1] as AttemptSession });
  };
  const mustUndo = input.compensation && spec.compensation && isKnownFailure(verdict);
  const compensation = mustUndo ? await undo(spec.compensation.command, input.compensation) : undefined;
  const healing = verdict.outcome === 'failed' && input.rules ? await services.source.healing(input.rules) : undefined;
  const oomKilled = verdict.outcome === 'failed' && killsBefore !== undefined && ((await oomKills()) ?? 0) > killsBefore;
  const log = sessions.find((each) => each.log !== undefined)?.log;
  return { verdict, ...told, use: session.use, log, ...(concluded ?? (await leaves())), healing, oomKilled, ...passed, ...(compensation && { compensation }) };
};

const keepResult = (request: Parameters<typeof writeResult>[0]): void => {
  try {
    writeResult(request);
  } catch {
    // What happened stays true when a full disk keeps us from writing it down.
  }
};

/** With `--git`, what the task declares is committed; an attempt whose commit is refused has not succeeded. */
const committed = async (options: Pick<Prepared, 'input' | 'spec' | 'workspace'> & { parts: ResultParts }): Promise<ResultParts> => {
  const { input, spec, workspace, parts } = options;
  if (parts.verdict.outcome !== 'succeeded') return parts;
  try {
    const commit = await commitTask({ workspace, input, spec });
    return commit === undefined ? parts : { ...parts, commit };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ...parts, verdict: { outcome: 'failed', reason: 'check', check: 'git commit', message } };
  }
};

export const createAttempt =
  (services: AttemptServices) =>
  async (input: AttemptInput, options: AttemptOptions): Promise<AttemptResult> => {
    const arrivedAt = Date.now();
    const { worker, host } = services;
    const result = (parts: ResultParts): AttemptResult => attemptResult({ input, worker, host, arrivedAt, parts });
    const refuse = (verdict: Verdict): AttemptResult => result({ verdict });
    try {
      const problem = inputProblem(input);
      if (problem !== undefined) return refuse(failedAs('internal', problem));
      const workspace = await realDirectory(input.workspace);
      if (workspace === undefined) return refuse(failedAs('spawn', `The workspace ${JSON.stringify(input.workspace)} does not exist on ${host}.`));
      const files = attemptFiles({ workspace, key: input });
      const hasEarlier = await prepareAttemptDirectory({ workspace, files });
      if (hasEarlier) {
        const earlier = await readEarlierResult({ path: files.result, input });
        if (earlier) return earlier;
        await reapLocks({ directory: files.directory, host, graceMs: input.graceMs });
      }
      const spec = await services.source.get({ source: input.source, task: input.task });
      if (!spec) return refuse(failedAs('internal', `The stored plan ${input.source} has no task ${input.task}.`));

      const given = await givenTo({ source: services.source, input, spec });
      const runsCommand = given.steps.ok && given.steps.command !== undefined;
      const opened = runsCommand && wantsWorktree({ input, spec }) ? await openWorktree({ input, spec, workspace, taskDirectory: files.directory, hasEarlier, signal: options.signal }) : undefined;
      if (opened?.kind === 'refused') return refuse(opened.verdict);
      if (opened?.kind === 'merged') {
        const taken: AttemptResult = { ...opened.result, worker, host, startedAt: arrivedAt, finishedAt: Date.now() };
        keepResult({ path: files.result, input, result: taken });
        return taken;
      }
      const logged = wantsTaskLog(spec);
      if (logged) await appendTaskLog({ workspace, line: startLine({ task: input.task, attempt: input.attempt, at: arrivedAt }) });
      await using worktree = opened?.worktree;
      const prepared: Prepared = { input, spec, given, home: workspace, workspace: worktree?.workspace ?? workspace, worktree, files, result };
      const parts = await perform(services, prepared, options);
      const final = result(input.git && !worktree ? await committed({ input, spec, workspace, parts }) : parts);
      if (logged) await appendTaskLog({ workspace, line: endLine(final) });
      keepResult({ path: files.result, input, result: final });
      return final;
    } catch (error) {
      return refuse(failedAs('internal', error instanceof Error ? error.message : String(error)));
    }
  };

/** Fencing numbers by resource, for commands that hand them to what they write to. */
const fencesOf = (grants: readonly HeldGrant[]): Readonly<Record<string, string>> =>
  Object.fromEntries(grants.flatMap(({ announcement }) => Object.entries(announcement.fences)));
