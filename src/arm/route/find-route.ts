import { rememberObjects } from '../../core/remember.ts';
import type { Target } from '../parse/target.ts';
import { type Match, matchRoute, type Routes } from './match.ts';
import { type Place, placeOf } from './place.ts';
import { fillTemplate } from './template.ts';

/** Where a request leads. */
export interface Destination {
  readonly match: Match;
  readonly place: Place;
  /** The permission that the route needs, its parameters filled in; undefined when it needs none. */
  readonly action: string | undefined;
}

/** Finds where a method leads at a target, or the methods that lead somewhere. */
export type FindRoute = (method: string, target: Target) => Destination | { readonly methods: readonly string[] };

/** A finder over a route table; what it found for a target it knows again. */
export function routeFinder(routes: Routes): FindRoute {
  const byTarget = rememberObjects((_: Target) => new Map<string, ReturnType<FindRoute>>());
  return (method, target) => {
    const known = byTarget(target).get(method);
    if (known !== undefined) return known;
    const found = find(routes, method, target.segments);
    byTarget(target).set(method, found);
    return found;
  };
}

function find(routes: Routes, method: string, segments: readonly string[]): ReturnType<FindRoute> {
  const match = matchRoute(routes, method, segments);
  if ('methods' in match) return match;
  const { permission } = match.route.operation;
  const action = permission === undefined ? undefined : fillTemplate(permission, match.params).slice(1);
  return { match, place: placeOf(match), action };
}
