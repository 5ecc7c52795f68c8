import { describe, expect, test } from 'vitest';
import { parseDurationMs, parseSizeBytes } from '../../controller/model/quantity.ts';

describe('parseDurationMs', () => {
  const rows = [
    { text: '0s', ms: 0 },
    { text: '90s', ms: 90_000 },
    { text: '10m', ms: 600_000 },
    { text: '24h', ms: 86_400_000 },
    { text: '99999h', ms: 359_996_400_000 },
    { text: '1h30m', ms: undefined },
    { text: '1.5h', ms: undefined },
    { text: '-1s', ms: undefined },
    { text: '10', ms: undefined },
    { text: '3d', ms: undefined },
    { text: ' 10s', ms: undefined },
    { text: '10s\n', ms: undefined },
    { text: '100000s', ms: undefined },
    { text: '', ms: undefined },
  ];

  test.each(rows)('"$text" is $ms', ({ text, ms }) => {
    expect(parseDurationMs(text)).toBe(ms);
  });
});

describe('parseSizeBytes', () => {
  const rows = [
    { text: '1Ki', bytes: 1024 },
    { text: '500Mi', bytes: 524_288_000 },
    { text: '10Gi', bytes: 10_737_418_240 },
    { text: '2Ti', bytes: 2_199_023_255_552 },
    { text: '0Gi', bytes: 0 },
    { text: '10G', bytes: undefined },
    { text: '10GB', bytes: undefined },
    { text: '10', bytes: undefined },
    { text: '1.5Gi', bytes: undefined },
    { text: '', bytes: undefined },
  ];

  test.each(rows)('"$text" is $bytes', ({ text, bytes }) => {
    expect(parseSizeBytes(text)).toBe(bytes);
  });
});
