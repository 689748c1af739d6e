// In-VM access control over the store: which profile version guards a machine's metadata service, and what it says to a caller.

import { resourceParameter } from '../core/access/canonical-request.ts';
import type { AccessDecision, AccessQuestion } from '../core/access/decide-access.ts';
import { type AccessSettings, accessSettingsOf, effectiveMode } from '../core/access/proxy-agent-settings.ts';
import { type ResourceReadings, readResource } from '../core/access/resource-names.ts';
import type { AccessGuard, AccessVerdict, GuardQuestion } from '../core/ports/access-guard.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Directory } from '../core/ports/directory.ts';
import type { Machines } from '../core/ports/machines.ts';
import type { Store } from '../core/ports/store.ts';
import { rememberObjects } from '../core/remember.ts';
import type { LoadedProfile, LoadedProfiles } from './loaded-profiles.ts';
import { type Grounds, RememberedVerdicts } from './remembered-verdicts.ts';

/** What access control needs. `origin` is asked for each request that names a resource. */
export interface AccessGuardPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly machines: Machines;
  readonly directory: Pick<Directory, 'servicePrincipalByName'>;
  readonly origin: () => string;
}

/** Access control with what only its owner may do. */
export type OpenAccessGuard = AccessGuard & {
  /** All names of the resource of a request, as the guard compares them. */
  readResource(resource: string): ResourceReadings;
  close(): void;
};

/** Opens access control. It holds no profile before a machine that has one is asked for. */
export function openAccessGuard(ports: AccessGuardPorts): OpenAccessGuard {
  let profiles: LoadedProfiles | undefined;
  let isClosed = false;
  // Where no machine has a profile, nothing of all this is loaded.
  const openProfiles = async (): Promise<LoadedProfiles> => {
    const { LoadedProfiles } = await import('./loaded-profiles.ts');
    profiles ??= new LoadedProfiles(ports.store);
    if (isClosed) profiles.close();
    return profiles;
  };
  const settingsOf = rememberObjects((view: { readonly resource: Parameters<typeof accessSettingsOf>[0] }) =>
    accessSettingsOf(view.resource),
  );
  const readNames = (resource: string) =>
    readResource(resource, {
      origin: ports.origin(),
      namesOfApplication: (name) => ports.directory.servicePrincipalByName(name)?.servicePrincipalNames ?? [],
    });
  const verdicts = new RememberedVerdicts();
  const judge = (settings: AccessSettings, profile: LoadedProfile, question: GuardQuestion) => {
    const grounds = findGrounds(ports, settings, profile, question);
    const known = grounds === undefined ? undefined : verdicts.recall(question.request, grounds);
    if (known !== undefined) return known;
    const verdict = judgeByProfile({ settings, profile, question, readNames, clock: ports.clock });
    // A promise where the caller's program counts.
    const isLasting = verdict !== undefined && 'mode' in verdict;
    if (grounds !== undefined && isLasting) verdicts.remember(question.request, grounds, verdict);
    return verdict;
  };
  return {
    decide: (question) => {
      const view = ports.machines.view(question.machineResourceId);
      const settings = view === undefined ? undefined : settingsOf(view);
      if (settings === undefined) return undefined;
      const profile =
        profiles?.load(settings.referenceId) ?? openProfiles().then((opened) => opened.load(settings.referenceId));
      if (profile instanceof Promise) {
        // Denied by a profile that is switched off cannot come out as "none": it is an allowance.
        return profile.then(async (loaded) => (await judge(settings, loaded, question)) ?? switchedOff);
      }
      return judge(settings, profile, question);
    },
    readResource: readNames,
    close: () => {
      isClosed = true;
      profiles?.close();
    },
  };
}

/** What a promise answers where the version turns out to be `Disabled`. */
const switchedOff: AccessVerdict = { mode: 'Audit', decision: 'Allow', rule: 'mode Disabled' };

/** On what a verdict rests; undefined where it also hangs on the time, or on who is not known yet. */
function findGrounds(
  { directory, origin }: AccessGuardPorts,
  settings: AccessSettings,
  profile: LoadedProfile,
  { request, caller }: GuardQuestion,
): Grounds | undefined {
  const user = caller.user();
  const isTimeless = 'decider' in profile && profile.decider.profile.windows.length === 0;
  if (!isTimeless || user === undefined || !('uid' in user)) return undefined;
  const resource = request.query.get(resourceParameter);
  const application = resource === undefined ? undefined : directory.servicePrincipalByName(resource);
  return { settings, profile, user, application, origin: origin() };
}

interface Judgement {
  readonly settings: AccessSettings;
  readonly profile: LoadedProfile;
  readonly question: GuardQuestion;
  readonly readNames: (resource: string) => ResourceReadings;
  readonly clock: Clock;
}

function judgeByProfile(judgement: Judgement): AccessVerdict | undefined | Promise<AccessVerdict> {
  const { settings, profile, question } = judgement;
  if ('unreadable' in profile) {
    const mode = settings.mode === 'Audit' ? 'Audit' : 'Enforce';
    return { mode, decision: 'Deny', rule: `the access control profile ${profile.unreadable}` };
  }
  const mode = effectiveMode(settings.mode, profile.decider.profile.mode);
  if (mode === 'Disabled') return undefined;
  const verdict = (decision: AccessDecision): AccessVerdict => ({
    mode,
    ...decision,
    profileVersionId: profile.versionId,
  });
  const user = question.caller.user();
  if (user instanceof Promise) return user.then((known) => decideFor(judgement, known).then(verdict));
  const decided = decideAtOnce(judgement, user);
  return decided === 'process' ? decideFor(judgement, user).then(verdict) : verdict(decided);
}

const unidentified: AccessDecision = { decision: 'Deny', rule: 'the caller could not be identified' };

function decideAtOnce(judgement: Judgement, user: AccessQuestion['user'] | undefined): AccessDecision | 'process' {
  if (user === undefined) return unidentified;
  const { profile, clock } = judgement;
  if ('unreadable' in profile) return unidentified;
  return profile.decider.decide(accessQuestion(judgement, user), clock.now());
}

async function decideFor(judgement: Judgement, user: AccessQuestion['user'] | undefined): Promise<AccessDecision> {
  const decided = decideAtOnce(judgement, user);
  if (decided !== 'process' || user === undefined || 'unreadable' in judgement.profile) {
    return decided === 'process' ? unidentified : decided;
  }
  const process = (await judgement.question.caller.process()) ?? ('unknown' as const);
  const question = { ...accessQuestion(judgement, user), process };
  const last = judgement.profile.decider.decide(question, judgement.clock.now());
  return last === 'process' ? unidentified : last;
}

function accessQuestion({ question, readNames }: Judgement, user: AccessQuestion['user']): AccessQuestion {
  const { request } = question;
  const resource = request.query.get(resourceParameter);
  return resource === undefined ? { request, user } : { request, user, resource: readNames(resource) };
}
