import type { JsonObject } from '../../core/json.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Random } from '../../core/ports/random.ts';
import type { SignInReader } from '../../core/ports/sign-in-log.ts';
import type { Store } from '../../core/ports/store.ts';
import type { VerifiedToken } from '../../core/ports/token-verifier.ts';
import { type Refusal, refuse } from '../../core/refusal.ts';
import type { DirectoryAdmin } from '../directory.ts';
import type { AuthorizePorts } from './authorize.ts';
import type { GraphPermission } from './permissions.ts';

/** What naming and dating an answer needs. */
export interface AnswerPorts {
  readonly clock: Clock;
  readonly random: Random;
}

/** What the Graph subset needs. */
export interface GraphPorts extends AnswerPorts, AuthorizePorts {
  readonly directory: AuthorizePorts['directory'] & DirectoryAdmin;
  readonly store: Store;
  readonly signIns: SignInReader;
}

/** A request of a caller who has the permission that its route needs. */
export interface Ask {
  readonly caller: VerifiedToken;
  /** The path's parameters, in lower case. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Names in lower case. */
  header(name: string): string | undefined;
  /** The body when it is a JSON object; empty when there is none. */
  readonly body: JsonObject;
  /** `https://host/v1.0`, by the host that was asked. */
  readonly base: string;
}

/** An answer that is complete. */
export interface GraphReply {
  readonly status: 200 | 201 | 204;
  readonly body?: JsonObject;
}

/** What a handler comes to. */
export type GraphAnswer = GraphReply | Refusal;

/** One row of the route table: the path lies below `/v1.0` and `/beta`, in lower case. */
export interface GraphRoute {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly permission: GraphPermission;
  handle(ask: Ask, ports: GraphPorts): GraphAnswer | Promise<GraphAnswer>;
}

/** `@odata.context` of a collection, or of one of its entities. */
export function contextOf({ base }: Ask, collection: string, entity = false): string {
  return `${base}/$metadata#${collection}${entity ? '/$entity' : ''}`;
}

/** One entity, with its context. */
export function entity(ask: Ask, collection: string, object: JsonObject, status: 200 | 201 = 200): GraphReply {
  return { status, body: { '@odata.context': contextOf(ask, collection, true), ...object } };
}

/** Graph's 404 of an object. */
export function refuseMissing(id: string): Refusal {
  return refuse(
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

/** Graph's 400 for a body or a parameter. */
export function refuseRequest(message: string): Refusal {
  return refuse('Request_BadRequest', message);
}
