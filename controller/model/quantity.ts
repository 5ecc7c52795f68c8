/**
 * Durations and sizes as people write them: `90s`, `10m`, `24h`; `500Mi`, `10Gi`. One whole number and
 * one unit, nothing else. The same forms stand as patterns in schema/desired/common.schema.json.
 */

const DURATION = /^([0-9]{1,5})([smh])$/;
const SIZE = /^([0-9]{1,5})(Ki|Mi|Gi|Ti)$/;

const MS_PER_UNIT: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
const BYTES_PER_UNIT: Readonly<Record<string, number>> = {
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** The duration in milliseconds, or undefined for text that is none. */
export function parseDurationMs(text: string): number | undefined {
  return scaled(DURATION.exec(text), MS_PER_UNIT);
}

/** The size in bytes, or undefined for text that is none. */
export function parseSizeBytes(text: string): number | undefined {
  return scaled(SIZE.exec(text), BYTES_PER_UNIT);
}

function scaled(
  match: RegExpExecArray | null,
  factors: Readonly<Record<string, number>>,
): number | undefined {
  const factor = factors[match?.[2] ?? ''];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
}
