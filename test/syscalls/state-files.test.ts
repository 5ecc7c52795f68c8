import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

import { describeAttack } from './attack.ts';
import { stateFileScenarios } from './state-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'ci-warm-syscalls-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describeAttack('state files', await stateFileScenarios(folder));
