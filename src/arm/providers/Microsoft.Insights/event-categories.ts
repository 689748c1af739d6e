import type { Answer } from '../../provider-contract.ts';

/** The activity log's categories. Postern records Administrative events alone. @see the 2015-04-01 eventCategories swagger */
const categories = [
  'Administrative',
  'Security',
  'ServiceHealth',
  'Alert',
  'Recommendation',
  'Policy',
  'Autoscale',
  'ResourceHealth',
];

/** Answers the categories as localizable strings. */
export async function listEventCategories(): Promise<Answer> {
  return { status: 200, body: { value: categories.map((value) => ({ value, localizedValue: value })) } };
}
