/**
 * Variables in the values of compose files: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}`,
 * `${NAME:?message}`, `${NAME?message}`, `${NAME:+other}`, `${NAME+other}`, and `$$` for a dollar sign. With a colon an
 * empty value counts as none. A default may hold variables itself. A variable that is not set is empty, as for Docker.
 *
 * `docker stack deploy` knows neither the `+` forms nor variables in defaults, and takes a `-` in a `?` message for a
 * default. That is one reason why compose files are interpolated here, and never by it: what the gates judged is then
 * what is deployed.
 */

export type Interpolated =
  | { readonly kind: 'text'; readonly text: string }
  /** `variable`: all that is wrong is that this one has to be set. */
  | { readonly kind: 'problem'; readonly message: string; readonly variable?: string };

/** Undefined: not set. */
export type Lookup = (name: string) => string | undefined;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const OPERATOR = /:?[-?+]/y;
/** Defaults within defaults; more is a mistake, or somebody who tries us. */
const DEPTH_MAX = 16;

/** Never throws. Messages hold names and the recipe's own text, no values. */
export function interpolate(template: string, lookup: Lookup): Interpolated {
  return interpolateAt(template, lookup, 0);
}

function interpolateAt(template: string, lookup: Lookup, depth: number): Interpolated {
  if (depth > DEPTH_MAX) {
    return problem(`defaults are nested more than ${String(DEPTH_MAX)} deep`);
  }
  let text = '';
  let at = 0;
  for (let dollar = template.indexOf('$'); dollar >= 0; dollar = template.indexOf('$', at)) {
    text += template.slice(at, dollar);
    if (template[dollar + 1] === '$') {
      text += '$';
      at = dollar + 2;
      continue;
    }
    const isBraced = template[dollar + 1] === '{';
    const name = matchAt(NAME, template, dollar + (isBraced ? 2 : 1));
    if (name === undefined) return problem(notAVariable(template.slice(dollar)));
    if (!isBraced) {
      text += lookup(name) ?? '';
      at = dollar + 1 + name.length;
      continue;
    }
    const end = closingBrace(template, dollar + 2);
    const body = template.slice(dollar + 2 + name.length, end);
    if (end < 0) return problem(`\${${name} has no closing brace`);
    const value = substitute(name, body, lookup, depth);
    if (value.kind === 'problem') return value;
    text += value.text;
    at = end + 1;
  }
  return { kind: 'text', text: text + template.slice(at) };
}

/** `${NAME<body>}`. The other text is looked at only where it is used. */
function substitute(name: string, body: string, lookup: Lookup, depth: number): Interpolated {
  const value = lookup(name);
  if (body === '') return { kind: 'text', text: value ?? '' };
  const operator = matchAt(OPERATOR, body, 0);
  if (operator === undefined) return problem(notAVariable(`\${${name}${body}}`));
  const word = body.slice(operator.length);
  const isThere = operator.startsWith(':') ? (value ?? '') !== '' : value !== undefined;
  if (operator.endsWith('+')) {
    return isThere ? interpolateAt(word, lookup, depth + 1) : { kind: 'text', text: '' };
  }
  if (isThere) return { kind: 'text', text: value ?? '' };
  if (operator.endsWith('-')) return interpolateAt(word, lookup, depth + 1);
  const message = `${name} has to be set${word === '' ? '' : `: ${word}`}`;
  return { kind: 'problem', message, variable: name };
}

/** Where the brace is that closes what was opened before `from`, or -1. */
function closingBrace(template: string, from: number): number {
  let depth = 1;
  for (let at = from; at < template.length; at += 1) {
    if (template[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    } else if (template[at] === '$' && template[at + 1] === '$') {
      at += 1;
    } else if (template[at] === '$' && template[at + 1] === '{') {
      depth += 1;
      at += 1;
    }
  }
  return -1;
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function notAVariable(text: string): string {
  const shown = text.length > 24 ? `${text.slice(0, 24)}…` : text;
  return `\`${shown}\` is no variable; write $$ for a dollar sign`;
}

function problem(message: string): Interpolated {
  return { kind: 'problem', message };
}
