/** One sound value of everything that the state directory holds, and a directory to put them in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Alert } from '../../../controller/model/alert.ts';
import type { AlertOutboxState } from '../../../controller/model/delivery.ts';
import type { ObjectStatus } from '../../../controller/model/condition.ts';
import { digestOf } from '../../../controller/model/digest.ts';
import type {
  JournalRecord,
  PhaseFailure,
  TransitionEnd,
} from '../../../controller/model/journal.ts';
import {
  parseAppName,
  parseCommitSha,
  parseDomain,
  parseRecipeName,
  stackNameOf,
} from '../../../controller/model/names.ts';
import type { LastGood, Quarantine, ReleaseSpec } from '../../../controller/model/release.ts';
import type { AppRequest } from '../../../controller/model/request.ts';
import type { SnapshotManifest } from '../../../controller/model/snapshot.ts';
import type { Log } from '../../../controller/ports/log.ts';

/** Removed when the test is over. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ci-warm-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export interface RecordedLog extends Log {
  readonly lines: readonly {
    readonly level: string;
    readonly message: string;
    readonly fields: unknown;
  }[];
}

export function recordedLog(): RecordedLog {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const at =
    (level: string) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void => {
      lines.push({ level, message, fields });
    };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

export const clock = { now: () => Date.parse('2026-11-21T09:30:00Z') };

export function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the sample is wrong');
  return value;
}

const commit = must(parseCommitSha('0123456789abcdef0123456789abcdef01234567'));
const domain = must(parseDomain('warm-guestbook.ci.example.org'));
export const app = must(parseAppName('guestbook'));

function release(version = '1.0.1+2.0.0'): ReleaseSpec {
  return { version, commit, env: { COLOUR: 'blue' }, specHash: digestOf(version) };
}

export function lastGood(version = '1.0.0+2.0.0'): LastGood {
  return {
    ...release(version),
    images: { app: `images.example.org/guestbook@${digestOf('image')}` },
    recipe: 'guestbook',
    domain,
    stack: must(stackNameOf(domain)),
    nodeId: 'node1',
    provedAt: '2026-11-20T09:30:00.000Z',
  };
}

export function request(): AppRequest {
  return {
    id: '20261121t093000-7f3a9c',
    kind: 'restore',
    snapshotId: '20261120t093000-000001',
    at: '2026-11-21T09:30:00.000Z',
  };
}

export function quarantine(version = '1.0.1+2.0.0'): Quarantine {
  const { specHash } = release(version);
  return { version, commit, specHash, reason: 'CrashLoop', since: '2026-11-20T09:30:00.000Z' };
}

export const failure: PhaseFailure = {
  verdict: 'unhealthy',
  reason: 'CrashLoop',
  message: 'it died three times',
  lastLogs: ['cannot open the database'],
  noAnswer: false,
};

const at = '2026-11-21T09:30:00.000Z';

export function begin(id: string, notes = ''): JournalRecord {
  return {
    at,
    id,
    app,
    transition: 'upgrade',
    phase: 'begin',
    event: 'intent',
    input: {
      app: {
        name: app,
        recipe: must(parseRecipeName('guestbook')),
        recipeUrl: '/srv/recipes/guestbook.git',
        driver: 'Stack',
        domain,
        stack: must(stackNameOf(domain)),
        data: 'Stateful',
        proxyNetwork: 'proxy',
        givenSecrets: [{ name: 'smtp', file: '/run/secrets/smtp' }],
      },
      policy: {
        health: { probes: 'default', stableForMs: 10_000 },
        convergeMs: 600_000,
        bootMs: 300_000,
      },
      from: lastGood(),
      to: release(),
      revision: 'sha256:1',
      snapshotId: null,
      reserveBytes: 5_000_000_000,
      notes: [{ version: '1.0.1+2.0.0', text: notes }],
    },
  };
}

export function intent(id: string, phase: string): JournalRecord {
  return { at, id, app, transition: 'upgrade', phase, event: 'intent' };
}

export function ok(id: string, phase: string): JournalRecord {
  return { at, id, app, transition: 'upgrade', phase, event: 'outcome', result: { kind: 'ok' } };
}

export function failed(id: string, phase: string, why = failure): JournalRecord {
  const result = { kind: 'failed', failure: why } as const;
  return { at, id, app, transition: 'upgrade', phase, event: 'outcome', result };
}

export function end(id: string, how: TransitionEnd = 'succeeded'): JournalRecord {
  const result = { kind: how };
  return { at, id, app, transition: 'upgrade', phase: 'end', event: 'outcome', result };
}

export function manifest(id = 'snap1'): SnapshotManifest {
  const good = lastGood();
  const { recipe, version, specHash, stack, nodeId, images } = good;
  return {
    id,
    driver: 'tar',
    takenAt: at,
    identity: {
      app,
      recipe,
      version,
      commit: good.commit,
      specHash,
      domain: good.domain,
      stack,
      nodeId,
      images,
      secrets: { warm_db_password_v1: 'abc123' },
    },
    volumes: [
      {
        volume: 'data',
        name: 'warm_data',
        archive: 'data.tar.zst',
        archiveBytes: 10,
        entries: 2,
        contentBytes: 20,
        treeSha256: digestOf('tree').slice('sha256:'.length),
        skipped: [],
      },
    ],
    tools: { tar: '1.34', zstd: '1.5.4' },
  };
}

export function alert(fingerprint: string, over: Partial<Alert> = {}): Alert {
  return {
    kind: 'held-major',
    app,
    severity: 'warning',
    title: 'guestbook: 2.0.0+3.0.0 is held',
    message: 'a major',
    at: '2026-11-21T09:30:00.123Z',
    fingerprint,
    from: '1.0.0+2.0.0',
    to: '2.0.0+3.0.0',
    reasons: [{ reason: 'RecipeMajor', file: null, line: null, from: '1', to: '2' }],
    releaseNotes: [{ version: '2.0.0+3.0.0', text: 'a lot' }],
    diff: null,
    lastLogs: [],
    runbook: null,
    resolve: 'approved: "2.0.0+3.0.0"',
    ...over,
  };
}

export function status(name: string, message = 'as wanted'): ObjectStatus {
  return {
    apiVersion: 'ci-warm.dev/v1',
    kind: 'WarmApp',
    name,
    observedRevision: 'sha256:1',
    conditions: [
      { type: 'Ready', status: 'True', reason: 'InSync', message, lastTransitionTime: at },
    ],
    versions: { current: '1.0.0+2.0.0', target: '1.0.0+2.0.0', latest: '1.0.0+2.0.0' },
    hold: null,
    quarantine: null,
    lastTransitions: [],
  };
}

export const index = { revision: 'sha256:1', summary: 'all is well', objects: [] };

export const outboxState: AlertOutboxState = {
  policy: {
    remindAfterMs: 86_400_000,
    sinks: [
      { kind: 'webhook', name: 'ops', urlFile: '/run/secrets/ops', secretFile: null },
      { kind: 'ntfy', name: 'phone', urlFile: '/run/secrets/topic', tokenFile: '/run/secrets/t' },
      { kind: 'command', name: 'page', command: ['/usr/local/bin/page-me', '--loud'] },
    ],
  },
  deliveries: [
    {
      id: '20261121T093000Z-guestbook-held-major',
      app,
      kind: 'held-major',
      fingerprint: 'held/1',
      round: 1,
      roundAt: at,
      isOut: false,
      sinks: [
        { sink: 'ops', delivered: null, attempts: 2, nextTryAt: at, lastFailure: 'no answer' },
        { sink: 'page', delivered: 0, attempts: 0, nextTryAt: null, lastFailure: null },
      ],
    },
  ],
};
