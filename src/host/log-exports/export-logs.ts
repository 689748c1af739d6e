import type { Configuration } from '../configuration.ts';
import type { Closing } from '../stop.ts';
import type { ExportHost } from './exports.ts';

/** Exports the logs to where the configuration says. An export stops before the logs are closed, after what records in them. */
export async function exportLogs(
  { logJsonl, otlpEndpoint, otlpHeaders }: Configuration,
  host: Omit<ExportHost, 'headers'>,
  closing: Closing,
): Promise<void> {
  const targets = [logJsonl, otlpEndpoint].filter((target) => target !== undefined);
  if (targets.length === 0) return;
  const { exportTo } = await import('./exports.ts');
  for (const target of targets) {
    const stop = await exportTo(target, { ...host, headers: otlpHeaders });
    closing.add(`logs to ${target}`, stop);
  }
}
