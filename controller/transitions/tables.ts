/** Which table a transition follows: decided by what was frozen in the journal, so recovery takes the same one. */
import type { TransitionInput, TransitionKind } from '../model/journal.ts';
import { assertNever } from '../model/assert-never.ts';
import { adopt } from './adopt.ts';
import { drill } from './drill.ts';
import { install } from './install.ts';
import type { TransitionTable } from './machine.ts';
import { repair } from './repair.ts';
import { restore } from './restore.ts';
import { retire } from './retire.ts';
import { statelessUpgrade } from './stateless-upgrade.ts';
import { upgrade } from './upgrade.ts';

export function tableOf(kind: TransitionKind, input: TransitionInput): TransitionTable {
  switch (kind) {
    case 'install':
      return install;
    case 'repair':
      return repair;
    case 'restore':
      return restore;
    case 'drill':
      return drill;
    case 'retire':
      return retire;
    case 'adopt':
      return adopt;
    case 'upgrade':
      return input.app.data === 'Stateful' ? upgrade : statelessUpgrade;
    default:
      return assertNever(kind, 'transition kind');
  }
}
