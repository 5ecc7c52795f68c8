import { afterAll, test } from 'vitest';

import { describeAttack } from './attack.ts';
import { snapshotScenarios } from './snapshots.ts';

if (process.getuid?.() === 0) {
  const { scenarios, remove } = await snapshotScenarios();
  afterAll(remove);
  describeAttack('snapshots', scenarios);
} else {
  test('snapshots, whichever call fails or is the last one', (context) => {
    context.skip('only root can keep the owners of files');
  });
}
