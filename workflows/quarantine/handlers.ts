/** Signal, update and query of a register of quarantined tasks. A signal that cannot be read changes nothing; an update says why. */
import { defineQuery, defineSignal, defineUpdate, setHandler } from '@temporalio/workflow';
import { readQuarantineNews, readQuarantineQuery, readRevive } from '../../model/quarantine-guard.ts';
import { QUARANTINE_QUERY, QUARANTINE_SIGNAL, QUARANTINE_UPDATE } from '../../model/quarantine.ts';
import type { QuarantineEntry, QuarantinePage } from '../../model/quarantine.ts';
import { readPage } from '../../model/request-guard.ts';
import { refusal } from '../execution/rejection.ts';
import type { QuarantineRegister } from './register.ts';

export const setQuarantineHandlers = ({ register, onChange }: { readonly register: QuarantineRegister; readonly onChange: () => void }): void => {
  setHandler(defineSignal<[unknown]>(QUARANTINE_SIGNAL.tell), (payload) => {
    const news = readQuarantineNews(payload);
    for (const each of news.ok ? news.value : []) register.tell(each);
    onChange();
  });
  setHandler(defineUpdate<QuarantineEntry, [unknown]>(QUARANTINE_UPDATE.revive), (payload) => {
    const request = readRevive(payload);
    if (!request.ok) throw refusal(request.error);
    const revived = register.revive(request.value, Date.now());
    if (!revived.ok) throw refusal(revived.error);
    onChange();
    return revived.value;
  });
  setHandler(defineQuery<QuarantinePage, [unknown]>(QUARANTINE_QUERY.list), (payload) => register.page({ ...readQuarantineQuery(payload), ...readPage(payload) }));
};
