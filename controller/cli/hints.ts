/**
 * Commands that are named in talk, made whole: what is copied has to look at the same place as the command that said it.
 * Reads text alone. What programs read (`-o json`) is never touched: it stands in files, too, for whoever reads those.
 */
import { parseDesiredLocation, shownLocation } from '../model/desired-location.ts';
import type { Globals } from './host.ts';

/** What was typed, and is not what holds without it. */
export type GivenPlaces = Partial<Pick<Globals, 'state' | 'desired' | 'desiredSigned'>>;

const ofState =
  'controller|plan|diff|get|describe|explain|status|history|events|alerts ack|alerts|reconcile|snapshot list|snapshot verify|snapshot restore|snapshot drill|prune|doctor';
const ofDesired = new Set(
  'controller|validate|plan|diff|describe|explain|snapshot restore|snapshot drill|prune|doctor'.split(
    '|',
  ),
);

/** A command, and on its line what may still be of it. */
const COMMAND = new RegExp(`\\bci-warm (${ofState}|validate)(?![\\w/-])(?=(.*))`, 'g');
/** Where a sentence, or another one, goes on. */
const END = /[,;:.)](?:\s|$)|[`)]|\p{Cc}|\sand\s|\sor\s/u;
const PLAIN = /^[\w@%+=:,./-]+$/;

/**
 * The text with what was given behind each command that needs it: `ci-warm get --state DIR warmapps`. A command that
 * says where itself stays as it is.
 */
export function withPlaces(text: string, given: GivenPlaces): string {
  return text.replaceAll(COMMAND, (command: string, verb: string, rest: string) => {
    const [tail = ''] = rest.split(END);
    if (tail.includes('--help')) return command;
    const options = [...stateOf(verb, tail, given), ...desiredOf(verb, tail, given)];
    return [command, ...options].join(' ');
  });
}

/** One word for a shell, whatever is in it. */
export function shellWord(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function stateOf(verb: string, tail: string, { state }: GivenPlaces): readonly string[] {
  if (state === undefined || verb === 'validate' || tail.includes('--state')) return [];
  return [`--state ${shellWord(state)}`];
}

/** Never with a password: what cannot be used is left out. */
function desiredOf(
  verb: string,
  tail: string,
  { desired, desiredSigned = false }: GivenPlaces,
): readonly string[] {
  if (!ofDesired.has(verb) || tail.includes('--desired')) return [];
  const signed = desiredSigned && verb !== 'validate' ? ['--desired-signed'] : [];
  if (desired === undefined || parseDesiredLocation(desired).kind === 'invalid') return signed;
  const word = shellWord(shownLocation(desired));
  const saysWhere = verb === 'validate' && (tail.trim() === word || /^ (?:PATH|\S*\/)/.test(tail));
  return saysWhere ? [] : [`--desired ${word}`, ...signed];
}
