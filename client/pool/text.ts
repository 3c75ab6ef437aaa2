/** What a pool does, in words. */
import type { Place } from './place.ts';
import type { Role } from './role.ts';
import type { Limits, Step } from './sizing.ts';
import type { WorkerEnd } from './worker-child.ts';

const LINES_SAID = 5;

const many = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export interface StepTextOptions {
  readonly step: Step;
  readonly roles: readonly Role[];
  readonly limits: Limits;
  /** The one that is retired. */
  readonly place?: Place;
}

/** The role is said where there are several. */
export const stepText = ({ step, roles, limits, place }: StepTextOptions): string => {
  const kind = (role: Role | undefined): string => (role && roles.length > 1 ? ` (${role.name})` : '');
  if (step.type === 'retire') {
    const why = step.because === 'quiet' ? `nothing has waited for it for ${limits.quietMs / 1_000} s` : 'another one is needed that can do what waits';
    return `${many(step.workers, 'worker')}, and ${why}: retiring ${place?.name ?? 'one'}${kind(place?.role)}`;
  }
  const wait = `${many(step.waiting, 'task')} ${step.waiting === 1 ? 'waits' : 'wait'}`;
  const why = {
    min: `${many(step.workers, 'worker')}, fewer than ${limits.min}`,
    uncovered: `${wait}, and no worker of the pool can do ${step.waiting === 1 ? 'it' : 'them'}`,
    waiting: `${wait}, ${many(step.workers, 'worker')}`,
  }[step.because];
  return `${why}: starting another${kind(step.role)}`;
};

export const crashText = (place: Place, { how, lines }: WorkerEnd, againMs: number): string => {
  const said = place.identity === undefined ? lines.slice(-LINES_SAID).map((line) => `\n  ${line}`) : [];
  return `Worker ${place.name} ended by itself (${how}): starting another one in its place in ${againMs / 1_000} s${said.join('')}`;
};
