import type { OpenAppPorts } from './open-app.ts';

/** What serves a request; `connection` is what the listener knows of the socket. */
export interface TokenServiceApp {
  fetch(request: Request, connection?: object): Promise<Response>;
}

/** The HTTP endpoints, loaded by the first request for one of them: machines' tokens are issued without. */
export function appOnDemand(ports: OpenAppPorts): TokenServiceApp {
  const open = async () => (await import('./open-app.ts')).openApp(ports);
  let opening: ReturnType<typeof open> | undefined;
  return {
    async fetch(request, connection) {
      opening ??= open();
      return (await opening).fetch(request, connection);
    },
  };
}
