/** What a recording Engine noted, in short: what every stack has, what says nothing, and orders that mean nothing are out. */
import type { Recorded } from './recording-engine.ts';

/** Of our override: the same for every recipe, and tested where it is made. */
const EVERYWHERE = /^(?:com\.docker\.stack\.|dev\.ci-warm\.|coop-cloud\..*\.(?:recipe|chaos)$)/;
/** Said by one command line and not by another, or the same in every service. */
const NOISE: readonly string[] = [
  ...['CheckDuplicate', 'EnableIPv6', 'Privileges', 'ForceUpdate', 'Scope', 'ConfigID', 'SecretID'],
];
const SORTED: readonly string[] = [
  'Mounts',
  'Configs',
  'Secrets',
  'Ports',
  'Networks',
  'Aliases',
  'Env',
];

export function essence(recorded: Recorded, stack: string): unknown {
  return shorten(recorded, '', stack);
}

function shorten(value: unknown, key: string, stack: string): unknown {
  if (Array.isArray(value)) {
    const list = value.map((member: unknown) => shorten(member, '', stack));
    return SORTED.includes(key) ? list.sort(byText) : list;
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([name]) => !NOISE.includes(name) && !EVERYWHERE.test(name))
      .map(([name, member]): [string, unknown] => [
        name.replaceAll(stack, '<stack>'),
        shorten(member, name, stack),
      ])
      .filter(([, member]) => !isNothing(member));
    return Object.fromEntries(entries);
  }
  if (typeof value !== 'string') return value;
  const text = key === 'Data' ? Buffer.from(value, 'base64').toString() : value;
  return text.replaceAll(stack, '<stack>').replace(/@sha256:(?<first>.)\k<first>{63}/, '@<digest>');
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}
