import type { ArmErrorCode } from './errors/arm.ts';
import type { GraphErrorCode } from './errors/graph.ts';
import type { ImdsErrorCode } from './errors/imds.ts';
import type { OAuthErrorCode } from './errors/oauth.ts';

/** Every refusal that Postern can give: one closed set, with one table to each wire shape under `errors/`. */
export type ErrorCode = ArmErrorCode | OAuthErrorCode | ImdsErrorCode | GraphErrorCode;
