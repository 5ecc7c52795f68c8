/** `docs/transitions.md`, made from the phase tables: a page that is drawn by hand would soon tell another story. */
import type { PhaseFailure } from '../../controller/model/journal.ts';
import { adopt } from '../../controller/transitions/adopt.ts';
import { drill } from '../../controller/transitions/drill.ts';
import { install } from '../../controller/transitions/install.ts';
import {
  BACK_ATTEMPTS_MAX,
  type Intent,
  type Next,
  type TransitionTable,
} from '../../controller/transitions/machine.ts';
import { repair } from '../../controller/transitions/repair.ts';
import { restore } from '../../controller/transitions/restore.ts';
import { retire } from '../../controller/transitions/retire.ts';
import { statelessUpgrade } from '../../controller/transitions/stateless-upgrade.ts';
import { upgrade } from '../../controller/transitions/upgrade.ts';

const tables: readonly { readonly title: string; readonly table: TransitionTable }[] = [
  { title: 'Upgrade of a stateful app', table: upgrade },
  { title: 'Upgrade of a stateless app', table: statelessUpgrade },
  { title: 'First install', table: install },
  { title: 'Adoption', table: adopt },
  { title: 'Repair of drift', table: repair },
  { title: 'Restore', table: restore },
  { title: 'Drill', table: drill },
  { title: 'Retirement', table: retire },
];

const kinds: readonly {
  readonly title: string;
  readonly failure: Pick<PhaseFailure, 'verdict' | 'noAnswer'>;
}[] = [
  { title: 'unhealthy', failure: { verdict: 'unhealthy', noAnswer: false } },
  { title: 'inconclusive', failure: { verdict: 'inconclusive', noAnswer: false } },
  { title: 'no answer', failure: { verdict: 'inconclusive', noAnswer: true } },
  { title: 'refused', failure: { verdict: 'refused', noAnswer: false } },
];

export function transitionsPage(): string {
  return [
    '# Transitions',
    '',
    '_Made from `controller/transitions/` by `npm run test:unit -- -u`; do not edit._',
    '',
    'Each phase is written to the journal before it is performed (`intent`) and after it (`outcome`). The columns say which',
    'phase follows which outcome; `again` means the same phase after a pause.',
    '',
    '**After a crash** the journal alone says what to do: after `begin` the first phase; after an `intent` without outcome that',
    'phase again, since nobody knows how far it came and every phase may be repeated; after an `outcome` whatever the table',
    'names for it; after `end` nothing. So a transition that was interrupted needs no person, whatever `desired/` says by then.',
    '',
    ...tables.flatMap(({ title, table }) => page(title, table)),
  ].join('\n');
}

function page(title: string, table: TransitionTable): readonly string[] {
  return [
    `## ${title}`,
    '',
    `| phase | does | then this is true | ok | ${kinds.map((kind) => kind.title).join(' | ')} |`,
    `| --- | --- | --- | --- | ${kinds.map(() => '---').join(' | ')} |`,
    ...Object.entries(table.phases).map(([phase, row]) => {
      const failed = kinds.map(({ failure }) =>
        afterFailure((attempt) =>
          row.failed({ ...failure, reason: '', message: '', lastLogs: [] }, attempt),
        ),
      );
      const cells = [`\`${phase}\``, doing(row.intent), row.promises, shown(row.ok), ...failed];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
  ];
}

function afterFailure(next: (attempt: number) => Next<string>): string {
  const first = shown(next(1));
  const last = shown(next(BACK_ATTEMPTS_MAX));
  return first === last ? first : `${first}, at most ${String(BACK_ATTEMPTS_MAX)} times; ${last}`;
}

function shown(next: Next<string>): string {
  if (next.kind === 'retry') return 'again';
  return next.kind === 'phase' ? `\`${next.phase}\`` : `ends: ${next.end}`;
}

function doing(intent: Intent): string {
  if (intent.kind === 'deploy' || intent.kind === 'judge') {
    return `${intent.kind} ${intent.which === 'to' ? 'the target' : 'the prior release'}`;
  }
  return intent.kind;
}
