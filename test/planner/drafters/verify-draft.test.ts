import { describe, expect, it } from 'vitest';
import { draftWork } from '../../../planner/breakdown/break-down.ts';
import { verifyDraft } from '../../../planner/drafters/verify-draft.ts';
import type { VerifiedDraft } from '../../../planner/drafters/verify-draft.ts';
import { expectValid } from './expect-valid.ts';
import { recorded, specification } from './rig.ts';

const against = specification();
const offline = draftWork(against.document, against.requirements, against.codebase);
const verify = (answer: unknown) => verifyDraft({ ...against, answer, offline });
const verified = (name: string): VerifiedDraft => {
  const result = verify(recorded(name));
  if (!result.ok) throw new Error(result.error.report.join('\n'));
  return result.value;
};
const titled = ({ breakdown }: VerifiedDraft, title: string) => {
  const task = breakdown.tasks.find((each) => each.title.startsWith(title));
  if (!task) throw new Error(`no task "${title}" among ${breakdown.tasks.map((each) => each.title).join(', ')}`);
  return task;
};

describe('a draft that holds', () => {
  const draft = verified('good');

  it('is taken as it is', () => {
    expectValid(draft);
    expect(draft.open).toEqual([]);
    expect(draft.tasks).toEqual({ drafted: 7, held: 7 });
    expect(draft.breakdown.tasks.map(({ title }) => title)).toEqual([
      'Define the contract of sessions',
      'Add the passcode login in SessionStore',
      'Expire sessions after 30 minutes',
      'Record bills with amount, payer and date',
      'Split bills equally',
      'Show balances within 200 ms',
      'Export bills as CSV',
    ]);
    expect(draft.breakdown.features.map(({ id, title, priority }) => [id, title, priority])).toEqual([
      ['F001', 'Signing in', 'critical'],
      ['F002', 'Bills and balances', 'high'],
      ['F003', 'Export to CSV', 'low'],
    ]);
  });

  it('keeps what was estimated, checked and built upon', () => {
    const login = titled(draft, 'Add the passcode login');
    expect(login.duration).toEqual({ optimistic: 2, mostLikely: 4, pessimistic: 7 });
    expect(login.description).toContain('Checks the passcode of a flat and opens a session.');
    expect(login.reuses_existing).toEqual({ extends: ['SessionStore'], imports: [], rationale: 'Extends SessionStore (src/auth/session-store.ts:12): It keeps sessions already.' });
    expect(login.acceptance_checks).toEqual([{ type: 'command', cmd: 'npm test -- test/auth/login.test.ts' }]);
    expect(titled(draft, 'Show balances').acceptance_checks).toContainEqual({ type: 'metric', name: 'balance_latency_ms', expect: { lte: 200 } });
  });

  it('gates by what can be checked, and only orders by what cannot', () => {
    const [knowledge, technical] = draft.dependencies;
    expect(technical).toMatchObject({ from: 'P1.T005', to: 'P1.T006', type: 'technical', isHard: true, confidence: 0.9, evidence: [{ type: 'rule', reason: 'It reads src/bills/split.ts, which the other one writes' }] });
    expect(knowledge).toMatchObject({ from: 'P1.T002', to: 'P1.T004', isHard: false, confidence: 0.6 });
  });

  it('gives the same bytes twice', () => expect(JSON.stringify(verified('good'))).toBe(JSON.stringify(draft)));
});

describe('quotes and requirements', () => {
  const draft = verified('false-quote');

  it('are dropped where the document does not have them', () => {
    expectValid(draft);
    expect(draft.report).toContain('dropped: task T2 "Add the passcode login in SessionStore": "flatmates sign in with their fingerprint" does not stand in the document');
    expect(draft.report).toContain('dropped: feature F2 "Bills and balances": "The product delights its users." does not stand in the document');
    expect(draft.report).toContain('dropped: task T4 "Record bills with amount, payer and date": there is no requirement "R099"');
  });

  it('are repaired where only white space is another', () => {
    expect(draft.report).toContain('repaired: task T2 "Add the passcode login in SessionStore": "let flatmates  sign in\uFFFDwith a passcode" stands in the document with other white space');
    expect(titled(draft, 'Add the passcode').source_evidence[0]?.quote).toBe('FR-1: The system MUST let flatmates sign in with a passcode.');
  });

  it('make a task: one that cites nothing is dropped', () => {
    expect(draft.report).toContain('dropped: task T8 "Send push notifications": it cites nothing that the document says');
    expect(draft.breakdown.tasks.map(({ title }) => title)).not.toContain('Send push notifications');
  });
});

describe('claims of reuse', () => {
  const draft = verified('unknown-reuse');

  it('name symbols that there are, with a suggestion where one is alike', () => {
    expectValid(draft);
    expect(draft.report).toContain('dropped: task T2 "Add the passcode login in SessionStore": it extends "SesionStore", which the code base does not have. Did you mean "SessionStore"?');
    expect(draft.report.filter((line) => /BillingEngine|__proto__|"constructor"/.test(line))).toHaveLength(3);
    expect(titled(draft, 'Record bills').reuses_existing.extends).toEqual(['Ledger']);
  });

  it('take their reasons along when they go', () => expect(titled(draft, 'Add the passcode').reuses_existing.rationale).toBe('Nothing of the code base is extended for it.'));
});

describe('dependencies and interfaces', () => {
  const draft = verified('cyclic');

  it('have no cycles: the least certain edge of one is dropped, with its path', () => {
    expectValid(draft);
    expect(draft.report.filter((line) => line.includes('closes a cycle'))).toEqual([
      'dropped: task T5 "Split bills equally": that it consumes "Bill:v1" closes a cycle: T5 → T4 → T5',
      'dropped: dependency T6 → T5: it closes a cycle: T5 → T6 → T5',
    ]);
  });

  it('have two ends, a reason and a confidence', () => {
    expect(draft.report).toContain('dropped: dependency T7 → T7: a task does not wait for itself');
    expect(draft.report).toContain('dropped: dependency T1 → T42: there is no task "T42"');
    expect(draft.report).toContain('dropped: dependency T1 → T7: it has no reason');
    expect(draft.report).toContain('dropped: dependency T3 → T7: its confidence is not between 0 and 1');
  });

  it('have one producer, and wait for nothing that nobody makes', () => {
    expect(draft.report).toContain('dropped: task T7 "Export bills as CSV": it produces "Login:v1", which T2 does already');
    expect(draft.report).toContain('dropped: task T4 "Record bills with amount, payer and date": it consumes "Nowhere:v1", which no task produces');
  });
});

describe('a careless draft', () => {
  const draft = verified('careless');

  it('is mended into a valid one', () => expectValid(draft));

  it('runs no command that the project does not name', () => {
    expect(draft.report.filter((line) => line.startsWith('dropped: task T2') && line.includes('the check'))).toHaveLength(4);
    expect(titled(draft, 'Add the passcode').acceptance_checks).toContainEqual({ type: 'command', cmd: 'npm test -- test/auth/login.test.ts' });
  });

  it('writes nothing outside of the code base, nor all of it', () => {
    expect(draft.report.filter((line) => line.startsWith('dropped: task T3') && line.includes('the path'))).toHaveLength(4);
    expect(titled(draft, 'Expire sessions').files_scope?.writes).toEqual(['src/signing-in/expire-sessions-after-30-minutes.ts', 'test/signing-in/expire-sessions-after-30-minutes*']);
  });

  it('has titles that begin with a verb, and bounds that the document states', () => {
    expect(draft.report).toContain('repaired: task T1 "Session contract": its title begins with no verb: now "Implement session contract"');
    expect(draft.report).toContain('dropped: task T6 "Show balances within 200 ms": the metric "balance latency": nothing that the task cites states 50');
  });

  it('has tasks of half an hour to 16 hours, whose dependencies follow them', () => {
    const pieces = draft.breakdown.tasks.filter(({ title }) => title.startsWith('Import everything'));
    expect(pieces).toHaveLength(3);
    expect(draft.breakdown.normalizations.map(({ kind }) => kind)).toContain('split');
    const dependency = draft.dependencies.find(({ reason }) => reason.startsWith('Imported bills'));
    expect(dependency).toMatchObject({ from: pieces.at(-1)?.id, to: titled(draft, 'Split bills').id });
  });

  it('does no work twice', () => expect(draft.report).toContain('merged: task T10 "Export the bills as CSV": it is T7 once more'));

  it('covers what is binding, by the rules where the drafter did not', () => {
    expect(draft.report).toContain('missing: R003: it is binding, and no task cites it');
    expect(draft.breakdown.tasks.filter((task) => task.requirements?.includes('R003'))).toHaveLength(1);
  });

  it('lets what is not binding be declined, with a reason, and nothing else', () => {
    const good = recorded('good') as { readonly tasks: readonly { readonly id: string }[] };
    const declined = [
      { requirement: 'FR-7', reason: 'It may come later.' },
      { requirement: 'R004', reason: 'Too hard.' },
      { requirement: 'R099', reason: 'Who knows.' },
    ];
    const result = verify({ ...good, tasks: good.tasks.filter(({ id }) => id !== 'T7' && id !== 'T5'), declined });
    if (!result.ok) throw new Error(result.error.report.join());
    expectValid(result.value);
    expect(result.value.breakdown.reasons.get('R007')).toBe('the drafter declines it: It may come later.');
    expect(result.value.breakdown.tasks.flatMap((task) => task.requirements ?? [])).toContain('R004');
    expect(result.value.report).toContain('dropped: declined R004: it is binding');
    expect(result.value.report).toContain('dropped: declined R099: there is no requirement "R099"');
  });

  it('loses nothing that is neither cited nor declined', () => {
    const good = recorded('good') as { readonly tasks: readonly { readonly id: string }[] };
    const result = verify({ ...good, tasks: good.tasks.filter(({ id }) => id !== 'T7') });
    expect(result.ok && result.value.breakdown.tasks.flatMap((task) => task.requirements ?? [])).toContain('R007');
    expect(result.ok && result.value.report).toContain('missing: R007: no task cites it, and it is not declined');
  });

  it('is told where an item has another shape', () => expect(draft.report.some((line) => line.startsWith('dropped: tasks[') && line.includes('expected object'))).toBe(true));
});

describe('an answer that is no draft', () => {
  it.each([[null], ['text'], [[]], [{}], [recorded('garbage')], [{ features: [], tasks: [] }], [{ features: [{}], tasks: [{}, 7, null, { id: 'T1', title: 'x' }] }]])('%j is refused', (answer) => {
    const result = verify(answer);
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error.open.length).toBeGreaterThan(0);
  });
});
