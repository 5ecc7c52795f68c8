import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sinkTrouble } from '../../../controller/adapters/alerts/inspect.ts';
import type { AlertSinkSpec } from '../../../controller/model/desired.ts';
import { temporaryDirectory } from '../files/samples.ts';

function file(content: string, mode = 0o600): string {
  const path = join(temporaryDirectory(), 'file');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

const url = (): string => file('https://ops.example.org/CANARY');
const gone = '/nowhere/file';

test.each<{ name: string; sink: () => AlertSinkSpec; trouble: RegExp | undefined }>([
  {
    name: 'a webhook with all that it needs',
    sink: () => ({ kind: 'webhook', name: 'x', urlFile: url(), secretFile: file('key') }),
    trouble: undefined,
  },
  {
    name: 'one that is not signed',
    sink: () => ({ kind: 'webhook', name: 'x', urlFile: url(), secretFile: null }),
    trouble: undefined,
  },
  {
    name: 'a file without a URL in it',
    sink: () => ({ kind: 'webhook', name: 'x', urlFile: file('CANARY'), secretFile: null }),
    trouble: /does not hold a URL$/,
  },
  {
    name: 'a secret that is not there',
    sink: () => ({ kind: 'webhook', name: 'x', urlFile: url(), secretFile: gone }),
    trouble: /^\/nowhere\/file is not there$/,
  },
  {
    name: 'a token that is not there',
    sink: () => ({ kind: 'ntfy', name: 'x', urlFile: url(), tokenFile: gone }),
    trouble: /^\/nowhere\/file is not there$/,
  },
  {
    name: 'a command that can be run',
    sink: () => ({ kind: 'command', name: 'x', command: [file('#!/bin/sh', 0o700)] }),
    trouble: undefined,
  },
  {
    name: 'a command that is looked up in PATH',
    sink: () => ({ kind: 'command', name: 'x', command: ['page-me'] }),
    trouble: undefined,
  },
  {
    name: 'a command that is not there',
    sink: () => ({ kind: 'command', name: 'x', command: [gone] }),
    trouble: /is not there, or may not be run$/,
  },
])('sinkTrouble: $name', async ({ sink, trouble }) => {
  const found = await sinkTrouble(sink());

  if (trouble === undefined) expect(found).toBeUndefined();
  else expect(found).toMatch(trouble);
  expect(found ?? '').not.toContain('CANARY');
});
