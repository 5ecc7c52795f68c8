/** Alerts as rows: what `ci-warm alerts` shows. */
import type { Alert } from '../model/alert.ts';
import type { Table, Tone } from './table.ts';

const tones: Readonly<Record<Alert['severity'], Tone>> = {
  info: 'dim',
  warning: 'warn',
  critical: 'bad',
};

/** An alert with the id that acknowledges it. */
export interface ListedAlert {
  readonly id: string;
  readonly seen: boolean;
  readonly alert: Alert;
}

export function alertTable(
  alerts: readonly ListedAlert[],
  { wide }: { readonly wide: boolean },
): Table {
  const columns = ['ID', 'SEVERITY', 'SEEN', 'TITLE'];
  return {
    columns: wide ? [...columns, 'RESOLVE'] : columns,
    rows: alerts.map(({ id, seen, alert }) => {
      const { severity, title, resolve } = alert;
      const cells = [id, { text: severity, tone: tones[severity] }, seen ? 'yes' : 'no', title];
      return wide ? [...cells, resolve] : cells;
    }),
  };
}
