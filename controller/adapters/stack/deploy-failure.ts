/** What the complaints of `docker stack deploy` mean. One table, by what it writes on standard error. */
import { CiWarmError, type FailureCode } from '../../model/failure.ts';

interface Row {
  readonly pattern: RegExp;
  readonly code: FailureCode;
  /** What to do; `$1` is the pattern's first group. */
  readonly advice: string;
}

/** The first that matches counts. */
const ROWS: readonly Row[] = [
  {
    pattern: /failed to update (config \S+|secret \S+?):.*only updates to Labels are allowed/,
    code: 'recipe-invalid',
    advice:
      'the content of $1 changed and its name did not: raise its version in abra.sh, which Docker needs for every change',
  },
  {
    pattern:
      /network "?([^\s"]+)"? is declared as external, but (?:could not be found|it is not in)/,
    code: 'tool-failed',
    advice: 'make it: docker network create --driver overlay $1',
  },
  {
    pattern: /(?:secret|config) not found: (\S+)/,
    code: 'tool-failed',
    advice: 'the recipe declares $1 as external: make it by hand',
  },
  {
    pattern:
      /Cannot connect to the Docker daemon|does not have a leader|lost leader status|not a swarm manager|connection refused|context deadline exceeded|i\/o timeout/,
    code: 'no-answer',
    advice: 'see whether Docker answers and has a Swarm: docker node ls',
  },
  {
    pattern: /code = InvalidArgument/,
    code: 'recipe-invalid',
    advice: 'Swarm refuses the service as the recipe describes it',
  },
  {
    pattern: /Error response from daemon|rpc error/,
    code: 'tool-failed',
    advice: 'it is tried again; see also what the Docker daemon logs',
  },
];
const LENGTH_MAX = 1200;

/** Somebody else wrote a service at the same moment: the same deploy may simply be repeated. */
export function isOutOfSequence(stderr: string): boolean {
  return stderr.includes('update out of sequence');
}

/** What no row knows is the command line's own: it could not make sense of the compose files. */
export function deployFailure(stack: string, stderr: string): CiWarmError {
  const said = reasonIn(stderr);
  const before = `deploying stack ${stack}: docker says: ${said}`;
  for (const { pattern, code, advice } of ROWS) {
    const found = pattern.exec(stderr);
    if (found !== null) {
      return new CiWarmError(code, `${before}; ${advice.replace('$1', () => found[1] ?? '')}`);
    }
  }
  return new CiWarmError('recipe-invalid', `${before}; mend the recipe's compose files`);
}

/** Without the remarks that are there when all is well, too. */
function reasonIn(stderr: string): string {
  const text = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter(
      (line) => line !== '' && !/^(?:Since --detach|In a future release|Ignoring )/.test(line),
    )
    .join(' ');
  if (text === '') return 'nothing';
  return text.length > LENGTH_MAX ? `${text.slice(0, LENGTH_MAX)}…` : text;
}
