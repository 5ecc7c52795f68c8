/** How long `ci-warm --help` takes, from the process being started to its end. */
import { costOf } from './process-time.ts';
import { build, sources } from './programs.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 11;

/** `folder`: where the built form may be put. */
export function benchHelp(folder: string): Row[] {
  const rows = [sources, build(folder)].map(({ name, command }) => {
    const costs = Array.from({ length: ROUNDS }, () =>
      costOf(process.execPath, [...command, '--help']),
    );
    return {
      what: `ci-warm --help (${name})`,
      figure: median(costs.map(({ wallMs }) => wallMs)) / 1000,
      unit: 's',
      limit: 0.3,
      cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
    };
  });
  const nothing = Array.from({ length: ROUNDS }, () => costOf(process.execPath, ['-e', '0']));
  const floor = (median(nothing.map(({ wallMs }) => wallMs)) / 1000).toFixed(2);
  return rows.map(({ cpuMs, ...row }) => ({
    ...row,
    others: `CPU ${(cpuMs / 1000).toFixed(2)} s; Node itself, doing nothing: ${floor} s`,
  }));
}
