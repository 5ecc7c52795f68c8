/** Characters that JSON leaves as they are and YAML takes for line breaks or refuses. */
const NOT_YAML = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Text in double quotes, which take every character: JSON's strings are YAML's but for a few characters. */
export function quoteYaml(text: string): string {
  return JSON.stringify(text).replace(
    NOT_YAML,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
