import type { RecordedSignIn, SignInQuery } from '../ports/sign-in-log.ts';
import { sameId } from '../resource-id.ts';

/** Whether a sign-in is one that a query asks for. */
export function matchesSignInQuery(signIn: RecordedSignIn, query: SignInQuery): boolean {
  return (
    signIn.time >= query.from &&
    signIn.time <= query.to &&
    same(signIn.outcome, query.outcome) &&
    same(signIn.uti, query.uti) &&
    same(signIn.id, query.id) &&
    same(signIn.user?.userName, query.userName) &&
    same(signIn.identity?.principalId.toLowerCase(), query.principalId?.toLowerCase()) &&
    (query.machineResourceId === undefined || sameId(signIn.machineResourceId, query.machineResourceId))
  );
}

function same(actual: string | undefined, asked: string | undefined): boolean {
  return asked === undefined || actual === asked;
}
