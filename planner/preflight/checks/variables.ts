/** Environment variables that commands read, and secrets that tasks name. */
import { isSecretName } from '../../../model/secret-names.ts';
import { quote } from '../../read/words.ts';
import type { Certainty, Finding } from '../finding.ts';
import type { Use } from '../shell/shell-command.ts';
import { about, isCommand, seenHere } from '../survey.ts';
import type { Survey, SurveyedTask } from '../survey.ts';

/** Those that shells keep themselves. */
const OF_SHELLS: ReadonlySet<string> = new Set('BASH BASHPID BASH_SOURCE BASH_VERSION EUID FUNCNAME HOSTNAME HOSTTYPE IFS LINENO MACHTYPE OLDPWD OPTARG OPTIND OSTYPE PIPESTATUS PPID PS1 PS2 PS4 PWD RANDOM REPLY SECONDS SHELLOPTS SHLVL UID _'.split(' '));
/** Those that the system gives to commands. */
const OURS = /^TASKS_/u;

interface Read extends Use {
  readonly what: string;
}

/** The stricter one of several uses. */
const readsOf = ({ commands }: SurveyedTask): readonly Read[] => {
  const reads = new Map<string, Read>();
  for (const { what, shell } of commands) {
    if (!shell || shell.isOpaque) continue;
    for (const use of shell.uses) if (use.isRequired || !reads.has(use.name)) reads.set(use.name, { ...use, what });
  }
  return [...reads.values()];
};

const unsetFinding = (survey: Survey, task: SurveyedTask, { name, what, isRequired }: Read): Finding => {
  const isWithheld = survey.environment[name] !== undefined;
  // What is withheld is so wherever the command runs.
  const certainty: Certainty = isWithheld && isRequired ? 'certain' : seenHere(survey, task, isRequired);
  const why = isWithheld ? 'which looks like a secret and so does not reach commands' : 'which is not set';
  const hint = isWithheld ? `Name it in the task's "secrets".` : `Set it where commands run, or in the task's "env", or give it a default: \${${name}:-…}.`;
  return about(task, { code: 'TASKS1504', certainty, message: `task ${quote(task.node.id)}: ${what} reads ${quote(`$${name}`)}, ${why}`, hint });
};

export const checkVariables = (survey: Survey): readonly Finding[] =>
  survey.tasks.filter(isCommand).flatMap((task) => {
    const { secrets = [], environment = {} } = task.spec;
    const own = new Set(Object.keys(environment));
    const reaches = (name: string): boolean => own.has(name) || (survey.environment[name] !== undefined && (secrets.includes(name) || !isSecretName(name)));
    const unset = readsOf(task).filter(({ name }) => !reaches(name) && !secrets.includes(name) && !OF_SHELLS.has(name) && !OURS.test(name));
    const missing = secrets.filter((name) => !reaches(name));
    return [
      ...missing.map((name) =>
        about(task, {
          code: 'TASKS1505',
          certainty: seenHere(survey, task, true),
          message: `task ${quote(task.node.id)} needs the secret ${quote(name)}, which is not set`,
          hint: `Set the variable ${name} for the workers, or take it out of "secrets".`,
        }),
      ),
      ...unset.map((read) => unsetFinding(survey, task, read)),
    ];
  });
