import { type Refusal, refuse } from '../refusal.ts';

/** Which kinds of managed identity a resource has. */
export interface IdentityType {
  readonly system: boolean;
  readonly user: boolean;
}

/**
 * Reads `identity.type`: `None`, `SystemAssigned`, `UserAssigned` or both, in any letter case, with or without a space after
 * the comma (the CLI writes none in a PATCH). Refuses `InvalidParameter`.
 */
export function parseIdentityType(type: string): IdentityType | Refusal {
  const words = type.split(',').map((word) => word.trim().toLowerCase());
  const [first] = words;
  if (words.length === 1 && first === 'none') return { system: false, user: false };
  const system = words.includes('systemassigned');
  const user = words.includes('userassigned');
  if (words.length === Number(system) + Number(user)) return { system, user };
  return refuse(
    'InvalidParameter',
    `The identity type '${type}' is not supported. Use 'None', 'SystemAssigned', 'UserAssigned' or 'SystemAssigned, UserAssigned'.`,
    { target: 'identity.type' },
  );
}

/** The type in the spelling that Azure answers. */
export function formatIdentityType({ system, user }: IdentityType): string {
  if (system && user) return 'SystemAssigned, UserAssigned';
  if (system) return 'SystemAssigned';
  return user ? 'UserAssigned' : 'None';
}
