/** The formats of `-o`. Lists are `{apiVersion, kind: List, items}`, as everywhere in this trade. */
import type { Terminal } from './terminal.ts';

export const formats = ['table', 'wide', 'json', 'yaml', 'name'] as const;

export type Format = (typeof formats)[number];

/** A list with whatever else is said of it. */
export function listOf(
  items: readonly unknown[],
  about: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { apiVersion: 'ci-warm.dev/v1', kind: 'List', ...about, items };
}

/** Writes a value as JSON or YAML. */
export async function printValue(
  terminal: Terminal,
  value: unknown,
  format: 'json' | 'yaml',
): Promise<void> {
  if (format === 'json') {
    terminal.out(`${JSON.stringify(value, null, 2)}\n`);
    return;
  }
  const { stringify } = await import('yaml');
  terminal.out(stringify(value, { aliasDuplicateObjects: false }));
}
