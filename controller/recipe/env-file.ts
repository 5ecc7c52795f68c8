/**
 * A file of variables that a service names under `env_file`, as Docker reads it, which is no `.env`: a line is a
 * variable, quotes are part of its value, and nothing is filled in.
 */

/** In the order of the file; null: a name without a value, which the app's own value stands for. */
export function parseEnvFile(text: string): readonly (readonly [string, string | null])[] {
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.replace(/\r$/, '').trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const equals = line.indexOf('=');
      return equals < 0 ? [line, null] : [line.slice(0, equals), line.slice(equals + 1)];
    });
}
