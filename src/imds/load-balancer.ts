import { isRefusal, type Refusal, refuse } from '../core/refusal.ts';
import { parseApiVersion } from './api-versions.ts';

/**
 * Answers what a load balancer does for the machine. None stands before a machine here, and Azure refuses that question:
 * `imdsNotFound`, in its words; `imdsApiVersion`.
 * @see https://learn.microsoft.com/azure/load-balancer/troubleshoot-load-balancer-imds
 */
export function answerLoadBalancer(query: ReadonlyMap<string, string>): Refusal {
  const version = parseApiVersion(query.get('api-version'), '2020-10-01');
  if (isRefusal(version)) return version;
  return refuse(
    'imdsNoLoadBalancer',
    'No load balancer metadata is found. Please check if your VM is using any non-basic SKU load balancer and retry later.',
  );
}
