/** The corpus of values in compose files: test/corpus/compose-values.yml. */
import { readFileSync } from 'node:fs';

import { parse } from 'yaml';

import { readStack, type StackReading } from '../../controller/recipe/read-recipe.ts';
import { corpusApp, corpusRelease } from './corpus.ts';

interface Told {
  readonly service?: string;
  readonly file?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly says?: readonly string[];
}

export interface ValueCase {
  readonly name: string;
  /** A whole compose file without a version, in which the value stands. */
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  /** `<line>: <sentence>` of each problem; none: Docker takes the value. */
  readonly says: readonly string[];
}

const SERVICE = 'services:\n  app:\n    image: images.example.org/app:1\n';

export function valueCases(): readonly ValueCase[] {
  const place = new URL('../corpus/compose-values.yml', import.meta.url);
  const rows = parse(readFileSync(place, 'utf8')) as readonly Told[];
  return rows.map(({ service, file = '', env = {}, says = [] }) => {
    const shown = [service ?? file, ...Object.entries(env).map((pair) => pair.join('='))];
    return {
      name: shown.join(' with ').replaceAll(/\n\s*/g, ' / '),
      text: service === undefined ? wholeFile(file) : `${SERVICE}${indented(service)}\n`,
      env,
      says,
    };
  });
}

/** What is read of the recipe that has this one file. */
export function readValue({ text, env }: Pick<ValueCase, 'text' | 'env'>): StackReading {
  return readStack(valueFiles(text), corpusApp, { ...corpusRelease, env });
}

export function valueFiles(text: string): ReadonlyMap<string, string> {
  return new Map([
    ['compose.yml', text],
    ['.env', 'A=1\n'],
  ]);
}

function wholeFile(text: string): string {
  return `${text.startsWith('services:') ? '' : SERVICE}${text}\n`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
