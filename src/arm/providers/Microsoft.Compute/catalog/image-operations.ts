import type { Json, JsonObject } from '../../../../core/json.ts';
import { parseLocation } from '../../../../core/location.ts';
import { isRefusal, type Refusal, refuse } from '../../../../core/refusal.ts';
import type { Answer, Call, Operation } from '../../../provider-contract.ts';
import { describeImage, type Image, imageVersion, loadImages } from './images.ts';

const publishers = '/subscriptions/{subscriptionId}/providers/Microsoft.Compute/locations/{location}/publishers';
const offers = `${publishers}/{publisherName}/artifacttypes/vmimage/offers`;
const skus = `${offers}/{offer}/skus`;
const versions = `${skus}/{skus}/versions`;
const read = (below: string) => `Microsoft.Compute/locations/publishers/${below}read`;

/** The images of a region, which are the same in each: what clients look up before they make a machine. Lists are bare arrays. */
export const imageOperations: readonly Operation[] = [
  operation(publishers, read(''), async (call) => names(call, [...(await loadImages()).keys()])),
  operation(offers, read('artifacttypes/offers/'), async (call) => {
    const found = await findOffers(call);
    return found === undefined ? notFound() : names(call, [...found.keys()]);
  }),
  operation(skus, read('artifacttypes/offers/skus/'), async (call) => {
    const found = await findImages(call);
    return found === undefined
      ? notFound()
      : names(
          call,
          found.map(({ sku }) => sku),
        );
  }),
  operation(versions, read('artifacttypes/offers/skus/versions/'), async (call) => {
    const image = await findImage(call);
    if (image === undefined) return notFound();
    const [version] = names(call, [imageVersion]);
    const isExpanded = call.query.get('$expand')?.toLowerCase() === 'properties';
    return [{ ...version, ...(isExpanded ? { properties: describeImage(image) } : {}) }];
  }),
  operation(`${versions}/{version}`, read('artifacttypes/offers/skus/versions/'), async (call) => {
    const image = call.params['version'] === imageVersion ? await findImage(call) : undefined;
    return image === undefined ? notFound() : showVersion(call, image);
  }),
];

function operation(path: string, permission: string, answer: (call: Call) => Promise<Json | Refusal>): Operation {
  const handle = async (call: Call): Promise<Answer | Refusal> => {
    const location = parseLocation(call.params['location'], 'Microsoft.Compute/locations/publishers');
    if (isRefusal(location)) return location;
    const body = await answer({ ...call, params: { ...call.params, location } });
    return isRefusal(body) ? body : { status: 200, body };
  };
  return { method: 'GET', path, permission, permissionScope: '/subscriptions/{subscriptionId}', handle };
}

function names({ params, resourceId }: Call, found: readonly string[]): readonly JsonObject[] {
  return found.map((name) => ({ location: params['location'] ?? '', name, id: `${resourceId}/${name}` }));
}

function showVersion({ params, resourceId }: Call, image: Image): JsonObject {
  const location = params['location'] ?? '';
  return { location, name: imageVersion, id: resourceId, properties: describeImage(image) };
}

async function findOffers({ params }: Call): Promise<ReadonlyMap<string, readonly Image[]> | undefined> {
  return findNamed(await loadImages(), params['publisherName']);
}

async function findImages(call: Call): Promise<readonly Image[] | undefined> {
  const found = await findOffers(call);
  return found && findNamed(found, call.params['offer']);
}

async function findImage(call: Call): Promise<Image | undefined> {
  const sku = call.params['skus']?.toLowerCase();
  return (await findImages(call))?.find((image) => image.sku.toLowerCase() === sku);
}

function findNamed<Value>(map: ReadonlyMap<string, Value>, name = ''): Value | undefined {
  return [...map].find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The wording is Azure's. */
function notFound(): Refusal {
  return refuse('NotFound', 'Artifact: VMImage was not found.');
}
