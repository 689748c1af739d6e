import type { GraphPorts } from './ask.ts';

/** Microsoft Graph, loaded by the first request for it: a start does without. */
export function graphOnDemand(ports: GraphPorts): (request: Request) => Promise<Response> {
  const open = async () => (await import('./graph-app.ts')).graphApp(ports);
  let opening: ReturnType<typeof open> | undefined;
  return async (request) => {
    opening ??= open();
    return (await opening).fetch(request);
  };
}
