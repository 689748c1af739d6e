/** What a role permits: actions minus notActions, and the same for the data plane. */
export interface Permission {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  /** What must hold of a request besides, in the condition language of version 2.0. */
  readonly condition?: string;
  readonly conditionVersion?: string;
}

/** A role definition. */
export interface RoleDefinition {
  /** The GUID: the role's name on the wire. */
  readonly id: string;
  readonly roleName: string;
  readonly type: 'BuiltInRole' | 'CustomRole';
  readonly description: string;
  readonly assignableScopes: readonly string[];
  readonly permissions: readonly Permission[];
}
