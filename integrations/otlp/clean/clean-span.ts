import { isFields } from '../signals.ts';
import type { Fields } from '../signals.ts';
import { cleanAttributes } from './clean-attributes.ts';
import { longest } from './cleaning.ts';
import type { Cleaning } from './cleaning.ts';
import { idText, instantText, optionalInstant, smallInteger } from './numbers.ts';

const traceIdBytes = 16;
const spanIdBytes = 8;
const maxEvents = 32;
const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (name) => `SPAN_KIND_${name}`,
);
const codes = ['UNSET', 'OK', 'ERROR'].map((name) => `STATUS_CODE_${name}`);

/** Rebuilds a span, as far as it is kept. */
export function cleanSpan(span: Fields, cleaning: Cleaning): object {
  const traceId = idText(span['traceId'], traceIdBytes, cleaning);
  const spanId = idText(span['spanId'], spanIdBytes, cleaning);
  if (traceId === '' || spanId === '') cleaning.fail('no-id');
  const startTimeUnixNano = instantText(span['startTimeUnixNano'], cleaning);
  const endTimeUnixNano = instantText(span['endTimeUnixNano'], cleaning);
  if (isBefore(endTimeUnixNano, startTimeUnixNano)) cleaning.fail('negative-duration');
  const { attributes, dropped } = cleanAttributes(span['attributes'], cleaning);
  const parentSpanId = idText(span['parentSpanId'], spanIdBytes, cleaning);
  return {
    traceId,
    spanId,
    ...(parentSpanId === '' ? {} : { parentSpanId }),
    name: cleaning.text(span['name'], longest.name),
    kind: enumeration(span['kind'], kinds, cleaning),
    startTimeUnixNano,
    endTimeUnixNano,
    attributes,
    ...(dropped === 0 ? {} : { droppedAttributesCount: dropped }),
    ...members('events', span, cleanEvent, cleaning),
    ...members('links', span, cleanLink, cleaning),
    ...cleanStatus(span['status'], cleaning),
  };
}

/** Compares whole numbers in decimal digits. */
function isBefore(one: string | null, other: string | null): boolean {
  if (one === null || other === null) return false;
  return one.length === other.length ? one < other : one.length < other.length;
}

function enumeration(value: unknown, names: readonly string[], cleaning: Cleaning): number {
  const number = smallInteger(value, names);
  if (number === null || number < 0 || number >= names.length) cleaning.fail('ill-formed');
  return number ?? 0;
}

function members(
  name: 'events' | 'links',
  span: Fields,
  clean: (member: Fields, cleaning: Cleaning) => object,
  cleaning: Cleaning,
): object {
  const list = listOf(span[name], cleaning).map((member) => clean(member, cleaning));
  return list.length === 0 ? {} : { [name]: list };
}

function listOf(given: unknown, cleaning: Cleaning): readonly Fields[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || !given.every(isFields)) {
    cleaning.fail('ill-formed');
    return [];
  }
  if (given.length > maxEvents) cleaning.repair('cut', given.length - maxEvents);
  return given.slice(0, maxEvents);
}

function cleanEvent(event: Fields, cleaning: Cleaning): object {
  return {
    timeUnixNano: optionalInstant(event['timeUnixNano']) ?? '0',
    name: cleaning.text(event['name'], longest.name),
    attributes: cleanAttributes(event['attributes'], cleaning).attributes,
  };
}

function cleanLink(link: Fields, cleaning: Cleaning): object {
  return {
    traceId: idText(link['traceId'], traceIdBytes, cleaning),
    spanId: idText(link['spanId'], spanIdBytes, cleaning),
    attributes: cleanAttributes(link['attributes'], cleaning).attributes,
  };
}

function cleanStatus(given: unknown, cleaning: Cleaning): object {
  if (given === undefined || given === null) return {};
  if (!isFields(given)) {
    cleaning.fail('ill-formed');
    return {};
  }
  const message = cleaning.text(given['message'], longest.value);
  const code = enumeration(given['code'], codes, cleaning);
  return { status: { code, ...(message === '' ? {} : { message }) } };
}
