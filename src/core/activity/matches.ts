import { isJsonObject, type Json } from '../json.ts';
import type { ActivityQuery } from '../ports/activity-log.ts';
import { sameId } from '../resource-id.ts';
import type { ActivityEvent } from './event.ts';

/** Whether an event is one that the query's conditions (other than its times) ask for. Letter case does not matter. */
export function matchesActivityQuery(event: ActivityEvent, query: ActivityQuery): boolean {
  return (
    sameWord(event.resourceGroupName, query.resourceGroupName) &&
    sameWord(event.resourceProviderName, query.resourceProvider) &&
    sameWord(event.correlationId, query.correlationId) &&
    sameWord(event.caller, query.caller) &&
    sameWord(event.status, query.status) &&
    sameText(at(event.body.posternActor, 'userName'), query.userName) &&
    sameText(at(event.body.claims, 'uti'), query.uti) &&
    (query.resourceId === undefined || sameId(event.resourceId, query.resourceId)) &&
    (query.levels === undefined || query.levels.some((level) => sameWord(String(event.body.level), level)))
  );
}

function sameWord(actual: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || actual?.toLowerCase() === asked.toLowerCase();
}

/** A user's name and a token's id have letter case. */
function sameText(actual: Json | undefined, asked: string | undefined): boolean {
  return asked === undefined || actual === asked;
}

function at(value: Json | undefined, name: string): Json | undefined {
  return isJsonObject(value) ? value[name] : undefined;
}
