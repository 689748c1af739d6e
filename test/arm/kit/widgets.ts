import {
  type LinkedCheck,
  type Provider,
  type ProviderContext,
  suspended,
  type Work,
} from '../../../src/arm/provider-contract.ts';
import { isJsonObject, type JsonObject } from '../../../src/core/json.ts';
import { documentKey } from '../../../src/core/ports/store.ts';
import { refuse } from '../../../src/core/refusal.ts';

/** What tests observe and steer of the widgets. */
export interface WidgetBench {
  readonly provider: Provider;
  /** Ids that were torn down, in order. */
  readonly tornDown: string[];
  /** Holds the work `polish` until it is called. */
  release(): void;
}

const path =
  '/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/Contoso.Widgets/widgets/{widgetName}';

/** A provider of widgets: the smallest namespace that uses every part of the contract. */
export function widgets(context: ProviderContext): WidgetBench {
  const gate = Promise.withResolvers<void>();
  const tornDown: string[] = [];
  const { store } = context;
  const permission = (verb: string) => `Contoso.Widgets/widgets/${verb}`;
  const polish: Work = async ({ widgetId }) => {
    await gate.promise;
    return { polished: widgetId ?? null };
  };
  const provider: Provider = {
    namespace: 'Contoso.Widgets',
    works: {
      polish,
      pause: async () => suspended,
      burn: async () => refuse('OperationNotAllowed', 'Widgets do not burn.'),
      explode: async () => {
        throw new Error('the cause, which no caller may read');
      },
    },
    teardown: {
      'contoso.widgets/widgets': async (id) => {
        tornDown.push(id);
        return id.endsWith('/stuck') ? refuse('Conflict', 'The widget is stuck.') : [];
      },
    },
    resourceTypes: [
      {
        type: 'widgets',
        apiVersions: ['2024-03-01', '2023-01-01-preview', '2022-01-01'],
        regional: true,
        operations: [
          {
            method: 'GET',
            path: '/subscriptions/{subscriptionId}/providers/Contoso.Widgets/widgets',
            permission: permission('read'),
            handle: async ({ params }) => {
              const all = await store.list(documentKey(`/subscriptions/${params['subscriptionId']}`));
              const found = all.filter(({ body }) => body['type'] === 'Contoso.Widgets/widgets');
              return { status: 200, body: { value: found.map(({ body }) => body) } };
            },
          },
          {
            method: 'GET',
            path,
            permission: permission('read'),
            handle: async ({ resourceId }) => {
              const found = await store.get(documentKey(resourceId));
              return found === undefined
                ? refuse('ResourceNotFound', `The widget '${resourceId}' does not exist.`)
                : { status: 200, body: found.body, etag: found.etag };
            },
          },
          {
            method: 'PUT',
            path,
            permission: permission('write'),
            linked: async ({ body }) => linkedOf(body),
            handle: async (call) => {
              const body = formatWidget(call.resourceId, call.params, call.ifMatch);
              const done = await store.transact([{ put: documentKey(call.resourceId), body }]);
              return 'conflict' in done ? refuse('Conflict', 'Try again.') : { status: 201, body };
            },
          },
          ...(['polish', 'burn', 'explode', 'pause'] as const).map((work) => ({
            method: 'POST' as const,
            path: `${path}/${work}`,
            permission: permission(`${work}/action`),
            handle: async ({ resourceId }: { readonly resourceId: string }) => ({
              status: 202 as const,
              work,
              input: { widgetId: resourceId },
            }),
          })),
          {
            method: 'POST',
            path: `${path}/listKeys`,
            permission: permission('listKeys/action'),
            handle: async () => ({ status: 200, body: { keys: [{ value: 'k3y' }] } }),
          },
          {
            method: 'POST',
            path: `${path}/break`,
            permission: permission('break/action'),
            handle: async () => {
              throw new Error('the cause, which no caller may read');
            },
          },
          {
            method: 'GET',
            path: '/{scope}/providers/Contoso.Widgets/stickers/{stickerName}',
            permission: 'Contoso.Widgets/stickers/read',
            handle: async ({ resourceId, params }) => ({
              status: 200,
              body: { id: resourceId, scope: params['scope'] ?? '' },
            }),
          },
        ],
      },
    ],
  };
  return { provider, tornDown, release: () => gate.resolve() };
}

function linkedOf(body: unknown): readonly LinkedCheck[] {
  const uses = isJsonObject(body as JsonObject) ? (body as JsonObject)['uses'] : undefined;
  return Array.isArray(uses)
    ? uses.map((scope) => ({ action: 'Contoso.Widgets/parts/use/action', scope: String(scope) }))
    : [];
}

function formatWidget(id: string, params: Readonly<Record<string, string>>, ifMatch = ''): JsonObject {
  const name = params['widgetName'] ?? '';
  return { id, name, type: 'Contoso.Widgets/widgets', location: 'eastus', tags: { ifMatch }, properties: {} };
}
