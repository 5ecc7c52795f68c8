import { fstatSync, openSync, closeSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  createLog,
  isJournalStream,
  type LogForm,
  type LogLevel,
} from '../../../controller/adapters/system/log.ts';
import type { Log } from '../../../controller/ports/log.ts';

/** Stands for a secret's value: it must not be anywhere in what was written. */
const CANARY = 'canary-3f1c9d';

async function opened(
  form: LogForm,
  level: LogLevel = 'debug',
): Promise<{ readonly log: Log; readonly lines: string[] }> {
  const lines: string[] = [];
  const destination = { write: (line: string): void => void lines.push(line) };
  return { log: await createLog({ level, form, colour: false, destination }), lines };
}

function parsed(line: string | undefined): Readonly<Record<string, unknown>> {
  return JSON.parse(line ?? '') as Readonly<Record<string, unknown>>;
}

describe('createLog', () => {
  test('writes one JSON object a line: level, time, fields and a constant message', async () => {
    const { log, lines } = await opened('json');

    log.info('deployed', { app: 'guestbook', count: 2 });
    log.warn('no fields');

    expect(lines.map((line) => line.endsWith('\n'))).toEqual([true, true]);
    expect(parsed(lines[0])).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string,
      app: 'guestbook',
      count: 2,
      msg: 'deployed',
    });
  });

  test('keeps back what is below its level', async () => {
    const { log, lines } = await opened('json', 'warn');

    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');

    expect(lines.map((line) => parsed(line)['msg'])).toEqual(['c', 'd']);
  });

  test('gives systemd’s journal the priority of each line', async () => {
    const { log, lines } = await opened('journal');

    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');

    expect(lines.map((line) => line.slice(0, 4))).toEqual(['<7>{', '<6>{', '<4>{', '<3>{']);
  });

  test('is readable on a terminal', async () => {
    const { log, lines } = await opened('lines');

    log.error('deployed', { app: 'guestbook' });

    expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\] ERROR: deployed \{"app":"guestbook"\}\n$/);
  });

  test.each([
    { name: 'at the top', fields: { token: CANARY, password: CANARY, DB_PASSWORD: CANARY } },
    { name: 'inside', fields: { request: { headers: { authorization: CANARY } } } },
    { name: 'in a list', fields: { secrets: [CANARY], list: [{ apiKey: CANARY }] } },
    { name: 'in a map', fields: { env: new Map([['SMTP_PASSWD', CANARY]]) } },
    { name: 'as a number', fields: { secret: { value: CANARY }, pass: CANARY } },
    { name: 'in a URL', fields: { url: `https://ci:${CANARY}@git.example.org/x.git` } },
    { name: 'in an error', fields: { err: new Error(`GET https://${CANARY}@host failed`) } },
    {
      name: 'in the cause of an error',
      fields: { error: new Error('x', { cause: new Error(`http://a:${CANARY}@b`) }) },
    },
  ])('shows no secret $name', async ({ fields }) => {
    for (const form of ['json', 'journal', 'lines'] as const) {
      const { log, lines } = await opened(form);

      log.info(`fetching https://user:${CANARY}@host`, fields);

      expect(lines.join('')).toContain('[redacted]');
      expect(lines.join('')).not.toContain(CANARY);
    }
  });

  test('shows what only sounds like a secret: that one is missing, and names of them', async () => {
    const { log, lines } = await opened('json');

    log.info('x', { secret: null, password: false, secretName: 'db_password_v1' });

    expect(parsed(lines[0])).toMatchObject({
      secret: null,
      password: false,
      secretName: 'db_password_v1',
    });
  });

  test('tells of an error its message, code and stack', async () => {
    const { log, lines } = await opened('json');
    const error = Object.assign(new Error('disk full'), { code: 'ENOSPC' });

    log.error('failed', { err: error });

    expect(parsed(lines[0])['err']).toEqual({
      name: 'Error',
      message: 'disk full',
      code: 'ENOSPC',
      stack: expect.stringContaining('log.test.ts') as string,
    });
  });

  test('survives fields that go round in a circle', async () => {
    const { log, lines } = await opened('json');
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;

    log.info('x', circle);

    expect(lines.join('')).toContain('too deep');
  });
});

describe('isJournalStream', () => {
  test('only where the descriptor is the one that systemd names', () => {
    const descriptor = openSync('/dev/null', 'w');
    const { dev, ino } = fstatSync(descriptor);

    const answers = [undefined, '', '1:2', `${String(dev)}:${String(ino)}`].map((variable) =>
      isJournalStream(variable, descriptor),
    );

    closeSync(descriptor);
    expect(answers).toEqual([false, false, false, true]);
  });
});
