import type { JsonObject } from '../../core/json.ts';
import type { Group } from '../group.ts';
import { formatTime } from './format-time.ts';
import type { PropertyRules } from './properties.ts';

/** The type by which Graph names a group among directory objects. */
export const groupType = '#microsoft.graph.group';

/** The properties by which a group can be filtered. */
export const groupFilters: readonly string[] = [
  'id',
  'displayName',
  'mailNickname',
  'description',
  'mailEnabled',
  'securityEnabled',
  'createdDateTime',
];

/** What a group's requests may say. */
export const groupRules: PropertyRules = {
  resource: 'Group',
  handled: [
    'displayName',
    'mailNickname',
    'description',
    'mailEnabled',
    'securityEnabled',
    'groupTypes',
    'members@odata.bind',
    'owners@odata.bind',
  ],
  values: { visibility: ['Private', 'Public', 'HiddenMembership'] },
  readOnly: ['id', 'createdDateTime', 'deletedDateTime', 'mail', 'securityIdentifier'],
  kept: { classification: 'text', isAssignableToRole: 'flag', preferredLanguage: 'text', visibility: 'text' },
};

/** A group as Graph shows it. @see https://learn.microsoft.com/graph/api/resources/group */
export function formatGraphGroup(group: Group): JsonObject {
  return {
    id: group.objectId,
    deletedDateTime: null,
    classification: null,
    createdDateTime: formatTime(group.createdAt),
    creationOptions: [],
    description: group.description,
    displayName: group.displayName,
    expirationDateTime: null,
    groupTypes: [],
    isAssignableToRole: null,
    mail: null,
    mailEnabled: false,
    mailNickname: group.mailNickname,
    membershipRule: null,
    membershipRuleProcessingState: null,
    onPremisesSyncEnabled: null,
    preferredLanguage: null,
    proxyAddresses: [],
    renewedDateTime: formatTime(group.createdAt),
    resourceBehaviorOptions: [],
    resourceProvisioningOptions: [],
    securityEnabled: true,
    theme: null,
    visibility: null,
    onPremisesProvisioningErrors: [],
    serviceProvisioningErrors: [],
    ...group.properties,
  };
}
