import type { Fields } from '../signals.ts';
import { cleanAttributes, cleanValue } from './clean-attributes.ts';
import { longest } from './cleaning.ts';
import type { Cleaning } from './cleaning.ts';
import { idText, instantText, optionalInstant, smallInteger } from './numbers.ts';

/** Rebuilds a log record. One without any time is of the instant at which it came. */
export function cleanLog(log: Fields, cleaning: Cleaning): object {
  const time = optionalInstant(log['timeUnixNano']) === null ? undefined : log['timeUnixNano'];
  const observed = optionalInstant(log['observedTimeUnixNano']);
  const { attributes, dropped } = cleanAttributes(log['attributes'], cleaning);
  const severityNumber = smallInteger(log['severityNumber']);
  const severityText = cleaning.text(log['severityText'] ?? wordIn(log), longest.name);
  const eventName = cleaning.text(log['eventName'], longest.name);
  const traceId = idText(log['traceId'], 16, cleaning);
  const spanId = idText(log['spanId'], 8, cleaning);
  return {
    timeUnixNano: instantText(time ?? observed ?? received(cleaning), cleaning),
    ...(severityNumber === null || severityNumber === 0 ? {} : { severityNumber }),
    ...(severityText === '' ? {} : { severityText }),
    ...(eventName === '' ? {} : { eventName }),
    body: cleanValue(log['body'], cleaning, '', 0, longest.body),
    attributes,
    ...(dropped === 0 ? {} : { droppedAttributesCount: dropped }),
    ...(traceId === '' ? {} : { traceId }),
    ...(spanId === '' ? {} : { spanId }),
  };
}

function received(cleaning: Cleaning): string {
  cleaning.repair('no-time');
  return `${Math.floor(cleaning.times.now)}000000`;
}

/** The name of a severity where its number should be, as some JSON has it. */
function wordIn(log: Fields): string | undefined {
  const given = log['severityNumber'];
  if (typeof given !== 'string' || /^\d+$/.test(given)) return undefined;
  return given.replace(/^SEVERITY_NUMBER_/, '').replace(/\d$/, '');
}
