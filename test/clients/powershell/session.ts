/** An environment as `Get-AzEnvironment` shows it, as far as the played cmdlets use it. */
export interface Environment {
  readonly name: string;
  readonly resourceManagerUrl: string;
  readonly activeDirectoryAuthority: string;
  /** Whose audience the tokens for the resource manager have. */
  readonly serviceEndpointResourceId: string;
  readonly microsoftGraphUrl?: string;
  readonly microsoftGraphResourceId?: string;
  readonly onPremise: boolean;
}

/** A subscription as a context has it. */
export interface Subscription {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly homeTenant: string;
}

/** A context as `Get-AzContext` shows it. */
export interface Context {
  readonly account: string;
  readonly environment: Environment;
  readonly tenant: string | undefined;
  readonly subscription: Subscription | undefined;
}

/** The token of an account for a resource, as its authenticator gets it. */
export type Authenticate = (resource: string) => Promise<string>;

/** What one PowerShell process knows. */
export interface Session {
  readonly environments: Readonly<Record<string, Environment>>;
  readonly context?: Context;
  readonly authenticate?: Authenticate;
}

/** What a cmdlet writes to its output, and the session afterwards. */
export interface Outcome {
  readonly output: unknown;
  readonly session: Session;
}

/** A cmdlet's parameters without their hyphens; a switch is true. */
export type Parameters = Readonly<Record<string, string | boolean | undefined>>;

/** A played cmdlet. */
export type Cmdlet = (session: Session, parameters: Parameters) => Promise<Outcome>;

/** What a cmdlet that talks to the resource manager needs. */
export interface Place {
  readonly base: string;
  readonly subscriptionId: string;
  readonly token: string;
}

/** The place of the current context. Throws where PowerShell asks to run Connect-AzAccount. */
export async function placeOf({ context, authenticate }: Session): Promise<Place> {
  if (context?.subscription === undefined || authenticate === undefined) {
    throw new Error('Run Connect-AzAccount to login.');
  }
  return {
    base: context.environment.resourceManagerUrl.replace(/\/*$/, '/'),
    subscriptionId: context.subscription.id,
    token: await authenticate(context.environment.serviceEndpointResourceId),
  };
}
