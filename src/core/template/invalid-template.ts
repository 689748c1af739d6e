import { type Refusal, refuse } from '../refusal.ts';

/** A template that cannot be deployed, in the frame that Azure gives to why. */
export function invalidTemplate(why: string): Refusal {
  return refuse('InvalidTemplate', `Deployment template validation failed: '${why}'.`);
}
