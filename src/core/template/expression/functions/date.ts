import type { EpochMillis } from '../../../time.ts';
import { parseDate, parseDuration } from '../date-text.ts';
import { type Fault, fault, integer, takes, text, withOptional } from '../define.ts';
import { formatDate } from '../format-date.ts';

const wholeSeconds = "yyyy-MM-dd'T'HH:mm:ss'Z'";

/** @see Azure Resource Manager, "Date functions for ARM templates" (`utcNow` needs a clock: `parameter-defaults.ts`) */
export const dateFunctions = {
  dateTimeAdd: withOptional([text, text], [text], dateTimeAdd),
  dateTimeFromEpoch: takes([integer], (seconds) => formatted((seconds * 1000) as EpochMillis, wholeSeconds)),
  dateTimeToEpoch: takes([text], (written) => {
    const millis = parseDate(written);
    return millis === undefined ? noDate(written) : Math.floor(millis / 1000);
  }),
};

function dateTimeAdd(base: string, duration: string, form = wholeSeconds): string | Fault {
  const start = parseDate(base);
  const span = parseDuration(duration);
  if (start === undefined) return noDate(base);
  if (span === undefined)
    return fault(`the duration '${duration}' is not valid. It must be of ISO 8601, such as 'P1DT2H'`);
  return formatted((start + span) as EpochMillis, form);
}

function formatted(millis: EpochMillis, form: string): string | Fault {
  const outside = !(millis >= -62_135_596_800_000 && millis <= 253_402_300_799_999);
  if (outside) return fault('the date lies outside of the years 1 to 9999');
  return formatDate(millis, form) ?? fault(`the date format '${form}' is not valid`);
}

function noDate(written: string): Fault {
  return fault(`the date '${written}' is not valid. It must be of ISO 8601, such as '2020-04-07T14:53:14Z'`);
}
