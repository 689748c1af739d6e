import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Call, Operation, ProviderContext } from '../../../../src/arm/provider-contract.ts';
import { insights } from '../../../../src/arm/providers/Microsoft.Insights/insights.ts';
import type { ActivityEvent } from '../../../../src/core/activity/event.ts';
import { formatActivityEvent } from '../../../../src/core/activity/format-event.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import type { ActivityLog, ActivityPage, ActivityQuery } from '../../../../src/core/ports/activity-log.ts';
import { isRefusal, type Refusal } from '../../../../src/core/refusal.ts';
import { factsOf, noon, subscriptionId } from '../../../core/activity/facts.ts';

const ofSubscription = '/subscriptions/{subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values';
const ofTenant = '/providers/Microsoft.Insights/eventtypes/management/values';
const $filter = "eventTimestamp ge '2026-11-23T06:00:00Z' and eventTimestamp le '2026-11-23T12:30:00Z'";

const event: ActivityEvent = formatActivityEvent(factsOf(), { status: 'Started' });

/** The operation of a path over a log that answers one page, and what the log was asked. */
function operationOver(
  page: ActivityPage | Refusal,
  path: string,
): { readonly operation: Operation; readonly asked: ActivityQuery[] } {
  const asked: ActivityQuery[] = [];
  const activityLog: ActivityLog = {
    planRecord: async () => [],
    record: async () => {},
    query: async (query) => {
      asked.push(query);
      return page;
    },
  };
  const provider = insights({ activityLog } as ProviderContext);
  const operation = provider.resourceTypes.flatMap(({ operations }) => operations).find((each) => each.path === path);
  assert.ok(operation, path);
  return { operation, asked };
}

function callWith(query: Readonly<Record<string, string>>, params: Readonly<Record<string, string>> = {}): Call {
  return {
    caller: factsOf().caller,
    params,
    resourceId: '/',
    apiVersion: '2015-04-01',
    query: new Map(Object.entries(query)),
    body: undefined,
    now: noon,
    facts: { now: noon },
    origin: 'https://localhost',
    correlationId: 'c',
    link: (own) => `https://localhost/values?${new URLSearchParams(own)}`,
  };
}

async function bodyOf(answer: ReturnType<Operation['handle']>): Promise<JsonObject> {
  const result = await answer;
  assert.ok(!isRefusal(result), isRefusal(result) ? result.message : '');
  assert.equal(result.status, 200);
  return result.body as JsonObject;
}

async function refusedBy(answer: ReturnType<Operation['handle']>): Promise<Refusal> {
  const result = await answer;
  assert.ok(isRefusal(result));
  return result;
}

describe('the list of activity-log events', () => {
  it('needs eventtypes/values/read at the subscription, and for the tenant’s events at the tenant', () => {
    const operations = [ofSubscription, ofTenant].map((path) => operationOver({ events: [] }, path).operation);
    assert.deepEqual(
      operations.map(({ permission, permissionScope }) => [permission, permissionScope]),
      [
        ['Microsoft.Insights/eventtypes/values/read', '/subscriptions/{subscriptionId}'],
        ['Microsoft.Insights/eventtypes/values/read', '/'],
      ],
    );
  });

  it('answers the events of the subscription in the path', async () => {
    const { operation, asked } = operationOver({ events: [event] }, ofSubscription);
    const body = await bodyOf(operation.handle(callWith({ $filter }, { subscriptionId })));
    assert.deepEqual(body, { value: [event.body] });
    assert.deepEqual(asked, [
      {
        subscriptionId,
        from: Date.parse('2026-11-23T06:00:00Z'),
        to: Date.parse('2026-11-23T12:30:00Z'),
        limit: 200,
      },
    ]);
  });

  it('answers the tenant’s own events without a subscription', async () => {
    const { operation, asked } = operationOver({ events: [] }, ofTenant);
    assert.deepEqual(await bodyOf(operation.handle(callWith({ $filter }))), { value: [] });
    assert.equal(asked[0]?.subscriptionId, undefined);
  });

  it('selects properties, written as az writes them', async () => {
    const { operation } = operationOver({ events: [event] }, ofSubscription);
    const body = await bodyOf(operation.handle(callWith({ $filter, $select: 'caller , eventname,status' })));
    assert.deepEqual(Object.keys((body.value as JsonObject[])[0] ?? {}), ['caller', 'eventName', 'status']);
  });

  it('can select every property that an event has', async () => {
    const { operation } = operationOver({ events: [event] }, ofSubscription);
    const $select = Object.keys(event.body).join(',');
    const body = await bodyOf(operation.handle(callWith({ $filter, $select })));
    assert.deepEqual(body.value, [event.body]);
  });

  it('links to the next page with all that was asked', async () => {
    const { operation, asked } = operationOver({ events: [event], skipToken: 'next' }, ofSubscription);
    const call = callWith({ $filter, $select: 'caller', $skiptoken: 'this' }, { subscriptionId });
    const body = await bodyOf(operation.handle(call));
    assert.equal(asked[0]?.skipToken, 'this');
    assert.deepEqual(Object.fromEntries(new URL(String(body.nextLink)).searchParams), {
      'api-version': '2015-04-01',
      $filter,
      $select: 'caller',
      $skiptoken: 'next',
    });
  });

  it('counts $top over all pages', async () => {
    const page = { events: [event], skipToken: 'next' };
    const { operation, asked } = operationOver(page, ofSubscription);
    const more = await bodyOf(operation.handle(callWith({ $filter, $top: '3' })));
    assert.equal(new URL(String(more.nextLink)).searchParams.get('$top'), '2');
    const last = await bodyOf(operation.handle(callWith({ $filter, $top: '1' })));
    assert.equal('nextLink' in last, false);
    await operation.handle(callWith({ $filter, $top: '5000' }));
    assert.deepEqual(
      asked.map(({ limit }) => limit),
      [3, 1, 200],
    );
  });

  it('refuses what it cannot answer, without asking the log', async () => {
    const { operation, asked } = operationOver({ events: [] }, ofSubscription);
    const refusals: readonly (readonly [Readonly<Record<string, string>>, RegExp])[] = [
      [{}, /\$filter is required/],
      [{ $filter: "eventTimestamp ge '2026-01-01'" }, /cannot be more than 90 days in the past/],
      [{ $filter: `${$filter} and x eq 'y'` }, /cannot ask for 'x'/],
      [{ $filter, $select: 'caller,secrets' }, /asks for 'secrets', which no event has/],
      [{ $filter, $top: '0' }, /The \$top '0' is not valid/],
      [{ $filter, $top: '1e3' }, /The \$top '1e3' is not valid/],
    ];
    for (const [query, message] of refusals) {
      const refusal = await refusedBy(operation.handle(callWith(query)));
      assert.equal(refusal.refused, 'BadRequest');
      assert.match(refusal.message, message);
    }
    assert.deepEqual(asked, []);
  });

  it('passes on the log’s refusal of a foreign skip token', async () => {
    const refusal: Refusal = { refused: 'InvalidParameter', message: 'not ours' };
    const { operation } = operationOver(refusal, ofSubscription);
    assert.equal(await refusedBy(operation.handle(callWith({ $filter, $skiptoken: 'x' }))), refusal);
  });
});

describe('the event categories', () => {
  it('are localizable strings that any caller may read', async () => {
    const { operation } = operationOver({ events: [] }, '/providers/Microsoft.Insights/eventcategories');
    assert.equal(operation.permission, undefined);
    const { value } = await bodyOf(operation.handle(callWith({})));
    assert.deepEqual((value as readonly JsonObject[])[0], {
      value: 'Administrative',
      localizedValue: 'Administrative',
    });
  });
});
