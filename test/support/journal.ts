/**
 * A journal that commands write themselves: a line when one starts, a line when it ends, appended in one write.
 * What really ran, and when, whatever the engine believes. A command that finds an earlier one of its own task
 * still at work says so in a line of its own.
 */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LOOK_MS = 50;

const SCRIPT = `#!/bin/sh
# step.sh SECONDS [stubborn]
task=$TASKS_TASK_ID
group=$(ps -o pgid= -p $$ | tr -d ' ')
for pid in $(sed -n "s/^start $task [0-9]* \\([0-9]*\\) .*/\\1/p" journal); do
  case $(ps -o stat= -p "$pid") in ''|Z*) ;; *) echo "overlap $task $TASKS_ATTEMPT $pid $group" >> journal ;; esac
done
if [ "$2" = stubborn ]; then trap '' TERM; fi
echo "start $task $TASKS_ATTEMPT $$ $group" >> journal
if [ "$2" = stubborn ]; then while [ ! -e "release-$task" ]; do sleep 1; done
elif [ "$1" = gate ]; then while [ ! -e "release-$task" ]; do sleep 0.4; done
else sleep "$1"; fi
echo "end $task $TASKS_ATTEMPT $$ $group" >> journal
`;

export interface JournalLine {
  readonly kind: 'start' | 'end' | 'overlap';
  readonly task: string;
  readonly attempt: number;
  readonly pid: number;
  readonly group: number;
}

export interface Journal {
  read(): Promise<JournalLine[]>;
  /** Resolves with the line once it is there. */
  until(kind: JournalLine['kind'], task: string, attempt?: number): Promise<JournalLine>;
  /** Lets a command that waits at its gate go on. */
  release(task: string): Promise<void>;
}

/** The command of a task: sleeps that long, or waits at a gate (`gate`), and ends well. */
export const step = (seconds: number | 'gate'): string => `sh step.sh ${seconds}`;
/** A command that ignores SIGTERM, with all it starts. */
export const stubbornStep = (): string => 'sh step.sh 0 stubborn';

export const openJournal = async (workspace: string): Promise<Journal> => {
  const file = join(workspace, 'journal');
  await writeFile(join(workspace, 'step.sh'), SCRIPT);
  await appendFile(file, '');
  const read = async (): Promise<JournalLine[]> =>
    (await readFile(file, 'utf8')).split('\n').flatMap((text) => {
      const [kind, task, attempt, pid, group] = text.split(' ');
      if (task === undefined) return [];
      return [{ kind: kind as JournalLine['kind'], task, attempt: Number(attempt), pid: Number(pid), group: Number(group) }];
    });
  // Whoever waits reads the same: sixty that each read for themselves would keep a processor busy.
  let shared: { readonly at: number; readonly lines: Promise<JournalLine[]> } | undefined;
  const look = (): Promise<JournalLine[]> => {
    if (!shared || Date.now() - shared.at >= LOOK_MS) shared = { at: Date.now(), lines: read() };
    return shared.lines;
  };
  return {
    read,
    until: async (kind, task, attempt) => {
      for (;;) {
        const found = (await look()).find((line) => line.kind === kind && line.task === task && (attempt === undefined || line.attempt === attempt));
        if (found) return found;
        await delay(LOOK_MS);
      }
    },
    release: (task) => writeFile(join(workspace, `release-${task}`), ''),
  };
};

/** What the journal must hold after any recovery, as a list of what is wrong. */
export const faultsOf = (lines: readonly JournalLine[], tasks: readonly string[]): string[] => {
  const faults = lines.filter(({ kind }) => kind === 'overlap').map(({ task, attempt, pid }) => `${task}/${attempt} began while process ${pid} of it still ran`);
  const starts = lines.filter(({ kind }) => kind === 'start').map(({ task, attempt }) => `${task}/${attempt}`);
  for (const start of new Set(starts)) if (starts.indexOf(start) !== starts.lastIndexOf(start)) faults.push(`${start} was started twice`);
  for (const task of tasks) {
    const ends = lines.filter((line) => line.kind === 'end' && line.task === task).length;
    if (ends !== 1) faults.push(`${task} ended ${ends} times`);
  }
  return faults;
};
