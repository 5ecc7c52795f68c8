import { describe, expect, test } from 'vitest';

import { scrub, scrubLines } from '../../controller/report/scrub.ts';

describe('scrub', () => {
  test.each([
    { name: 'a password in a URL', line: 'connect postgres://app:CANARY@db/app failed' },
    { name: 'a token in place of a user', line: 'fetch https://CANARY@git.example.org/x' },
    { name: 'an environment variable', line: 'DB_PASSWORD=CANARY starting' },
    { name: 'a variable of another case', line: 'smtpPassword: CANARY' },
    { name: 'a JSON member', line: '{"client_secret": "CANARY CANARY", "x": 1}' },
    { name: 'an unfinished JSON member', line: '{"client_secret": "CANARY CANARY' },
    { name: 'a header', line: 'Authorization: Bearer CANARY' },
    { name: 'a bearer token by itself', line: 'sent bearer CANARYCANARY to it' },
    { name: 'a sentence', line: 'the admin password is CANARY' },
    { name: 'an API key', line: 'using api-key=CANARY for it' },
    { name: 'a query parameter', line: 'GET /x?access_token=CANARY&y=1' },
    { name: 'a web token', line: 'got eyJCANARYCANARY.CANARYabc.CANARY' },
    { name: 'a coloured value', line: 'password=\u001b[31mCANARY\u001b[0m' },
  ])('a credential does not get into an alert: $name', ({ line }) => {
    expect(scrub(line)).not.toContain('CANARY');
    expect(scrub(line)).toContain('***');
  });

  test.each([
    { name: 'an error', line: 'Error: no such table: entries' },
    { name: 'a URL without credentials', line: 'listening on http://0.0.0.0:8080/path' },
    { name: 'an address', line: 'mail from someone@example.org refused' },
    { name: 'the word without a value', line: 'all secrets were kept' },
  ])('what is no credential can be read: $name', ({ line }) => {
    expect(scrub(line)).toBe(line);
  });
});

describe('scrubLines', () => {
  const bounds = { linesMax: 10, lengthMax: 20 };

  test('the last lines are kept, each no longer than the bound', () => {
    const lines = Array.from(
      { length: 30 },
      (_, index) => `line ${String(index)} ${'x'.repeat(40)}`,
    );

    const kept = scrubLines(lines, bounds);

    expect(kept).toHaveLength(10);
    expect(kept[0]).toMatch(/^line 20 /);
    expect(kept.every((line) => line.length <= 20)).toBe(true);
  });

  test('a private key over several lines is masked, and what follows is not', () => {
    const lines = [
      'a',
      '-----BEGIN RSA PRIVATE KEY-----',
      'CANARY',
      '-----END RSA PRIVATE KEY-----',
      'b',
    ];

    expect(scrubLines(lines, bounds)).toEqual(['a', '***', '***', '***', 'b']);
  });

  test('a tail that begins inside a private key does not show its rest', () => {
    const lines = ['CANARY', '-----END PRIVATE KEY-----', 'b'];

    expect(scrubLines(lines, bounds)).toEqual(['***', '***', 'b']);
  });
});
