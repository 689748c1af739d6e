import type { ExportForm } from '../log-export/export-form.ts';
import { type Attributes, below, formatLogRecord } from '../log-export/otlp.ts';
import type { RecordedSignIn } from '../ports/sign-in-log.ts';
import { nameOf } from '../resource-id.ts';

/** How sign-ins are told to others; in OpenTelemetry each is an event `postern.sign_in`. */
export const signInForm: ExportForm<RecordedSignIn> = {
  event: 'sign-in',
  scope: 'postern.sign-ins',
  formatLine: ({ time, number, hash, ...rest }) =>
    JSON.stringify({ time: new Date(time).toISOString(), event: 'sign-in', number, hash, ...rest }),
  formatLogRecord: (signIn) =>
    formatLogRecord({
      time: signIn.time,
      eventName: 'postern.sign_in',
      isGood: signIn.outcome === 'issued' || signIn.outcome === 'handedOver',
      text: describe(signIn),
      attributes: attributesOf(signIn),
    }),
};

function describe({ user, machineResourceId, outcome, request }: RecordedSignIn): string {
  const who = user === undefined ? 'someone' : user.userName;
  return `${outcome} ${request.query['resource'] ?? request.path} to ${who} on ${nameOf(machineResourceId)}`;
}

function attributesOf(signIn: RecordedSignIn): Attributes {
  const { user, process, identity, request, access, failure } = signIn;
  return {
    'postern.sign_in.id': signIn.id,
    'postern.sign_in.number': signIn.number,
    'postern.sign_in.hash': signIn.hash,
    'postern.sign_in.outcome': signIn.outcome,
    'azure.vm.id': signIn.machineResourceId,
    'user.id': user?.uid === undefined ? undefined : String(user.uid),
    'user.name': user?.userName,
    'postern.user.groups': user?.groupNames,
    ...below('process', {
      pid: process?.pid,
      'executable.path': process?.exePath,
      'executable.name': process?.processName,
    }),
    'azure.principal_id': identity?.principalId,
    'azure.client_id': identity?.clientId,
    'azure.identity_id': identity?.resourceId,
    'url.path': request.path,
    'azure.token.resource': request.query['resource'],
    'azure.token.uti': signIn.uti,
    'azure.client_request_id': signIn.clientRequestId,
    'postern.access.mode': access?.mode,
    'postern.access.decision': access?.decision,
    'postern.access.rule': access?.rule,
    'postern.access.profile_version_id': access?.profileVersionId,
    'error.type': failure?.code,
    'error.message': failure?.message,
  };
}
