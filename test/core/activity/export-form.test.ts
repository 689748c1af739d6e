import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { activityForm } from '../../../src/core/activity/export-form.ts';
import { formatActivityEvent } from '../../../src/core/activity/format-event.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { refuse } from '../../../src/core/refusal.ts';
import { factsOf, webOne } from './facts.ts';

interface LogRecord {
  readonly eventName: string;
  readonly severityText: string;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

const byAlice = () => {
  const { caller } = factsOf();
  const actor = { userName: 'alice', uid: 1001, machineResourceId: webOne };
  return factsOf({ caller: { ...caller, actor, claims: { ...caller.claims, uti: 'uti-of-alice' } } });
};
const recordOf = (event: ReturnType<typeof formatActivityEvent>) =>
  activityForm.formatLogRecord({ number: 7, event }) as unknown as LogRecord;

describe('an activity-log event that is told to others', () => {
  it('stands on a line as it goes on the wire, behind its time, kind and number', () => {
    const event = formatActivityEvent(byAlice(), { status: 'Started' });
    const line = activityForm.formatLine({ number: 7, event });
    assert.equal(line.includes('\n'), false);
    const { time, event: kind, number, ...body } = JSON.parse(line) as JsonObject;
    assert.deepEqual([time, kind, number], [new Date(event.time).toISOString(), 'activity', 7]);
    assert.deepEqual(body, event.body);
  });

  it('is a log record with the user, the token and the operation', () => {
    const { eventName, severityText, body, attributes } = recordOf(
      formatActivityEvent(byAlice(), { status: 'Started' }),
    );
    const values = Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
    assert.deepEqual([eventName, severityText], ['postern.activity', 'INFO']);
    assert.match(body.stringValue, /^Started: .* of \/subscriptions\//);
    assert.equal(values['user.name'], 'alice');
    assert.equal(values['user.id'], '1001');
    assert.equal(values['azure.vm.id'], webOne);
    assert.equal(values['azure.token.uti'], 'uti-of-alice');
    assert.equal(values['azure.resource.id'], byAlice().resourceId);
    assert.equal('error.type' in values, false);
  });

  it('is a warning where it failed', () => {
    const refusal = refuse('AuthorizationFailed', 'no');
    const failed = formatActivityEvent(byAlice(), { status: 'Failed', httpStatus: 403, refusal });
    assert.equal(recordOf(failed).severityText, 'WARN');
  });
});
