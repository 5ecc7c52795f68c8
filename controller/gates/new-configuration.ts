/**
 * Safety gate: what the target asks people for, and the version that runs did not.
 *
 * - A variable that `.env.sample` has without a value, or that a compose file wants set (`${NAME:?}`), and that nobody sets.
 * - A secret that is not made by itself, and that neither `Recipe.secrets` nor Swarm's store has. A secret that is
 *   generated is no such thing, of whatever length: ci-warm makes it.
 * - Another version of a secret: it would have a new value, and data may have been made with the old one.
 * - A config, or a secret from a file of the recipe, whose content changed under its old name: Docker refuses that.
 *
 * Of the versions in the way (G3) only the target counts here: one that is skipped is never deployed. `gate.onNewConfiguration: Allow` lifts what can be
 * deployed without it; a deploy that must fail is no one's wish.
 */
import type { HoldReason } from '../model/alert.ts';
import type { FileObject, RecipeStructure, SecretStructure } from '../model/structure.ts';

export interface ConfigurationQuestion {
  readonly from: RecipeStructure;
  readonly to: RecipeStructure;
  readonly isAllowed: boolean;
  /** Whether there is a value for it: people give it, or Swarm has it. */
  readonly hasSecret: (secret: SecretStructure) => boolean;
}

const LINE_LENGTH_MAX = 160;
/** Evidence goes into statuses and alerts: what may be a credential is not quoted. */
const LOOKS_SECRET = /pass|secret|token|key|credential|auth|pwd/i;

export function judgeConfiguration(question: ConfigurationQuestion): readonly HoldReason[] {
  const { from, to, isAllowed } = question;
  const unset = unsetVariables(to);
  return [
    ...unset.map(({ reason }) => reason),
    ...(isAllowed ? [] : emptyVariables(from, to, new Set(unset.map(({ name }) => name)))),
    ...judgeSecrets(question),
    ...changedFiles(from, to),
  ];
}

function emptyVariables(
  from: RecipeStructure,
  to: RecipeStructure,
  told: ReadonlySet<string>,
): readonly HoldReason[] {
  const before = new Set(from.emptyVariables.map(({ name }) => name));
  return to.emptyVariables
    .filter(({ name, isSet }) => !isSet && !before.has(name) && !told.has(name))
    .map(({ name, file, line }) => {
      const was = from.sample.get(name);
      return held('NewVariable', {
        message:
          was === undefined
            ? `${to.tag} has a new variable ${name}, and no value for it: set it in env`
            : `${to.tag} has no value for variable ${name} any more: set it in env`,
        ...{ file, line, to: `${name}=` },
        from: was === undefined || LOOKS_SECRET.test(name) ? null : `${name}=${was}`,
      });
    });
}

/** Each once, where it is wanted first. Without its value the recipe cannot be deployed, so no policy lifts it. */
function unsetVariables(
  to: RecipeStructure,
): readonly { readonly name: string; readonly reason: HoldReason }[] {
  const byName = new Map<string, HoldReason>();
  for (const { variable, file, line, message } of to.problems) {
    if (variable === undefined || byName.has(variable)) continue;
    const reason = held('NewVariable', {
      message: `${to.tag} cannot be deployed without variable ${variable} (${message}): set it in env`,
      ...{ file, line, from: null, to: variable },
    });
    byName.set(variable, reason);
  }
  return [...byName].map(([name, reason]) => ({ name, reason }));
}

function judgeSecrets({
  from,
  to,
  isAllowed,
  hasSecret,
}: ConfigurationQuestion): readonly HoldReason[] {
  return to.secrets.flatMap((secret): readonly HoldReason[] => {
    const before = from.secrets.find(({ name }) => name === secret.name);
    const { name, fullName, file, line } = secret;
    if (before?.fullName === fullName) return [];
    const place = { file, line, from: before?.fullName ?? null, to: fullName };
    if (!secret.isGenerated && !hasSecret(secret)) {
      const message = `${to.tag} wants secret ${name}, which a person has to give: name a file that holds it under spec.secrets of the Recipe`;
      return [held('NewSecret', { message, ...place })];
    }
    if (before === undefined || isAllowed) return [];
    const message = `${to.tag} wants another version of secret ${name}, which would be a new value, and data may have been made with the old one`;
    return [held('SecretVersion', { message, ...place })];
  });
}

function changedFiles(from: RecipeStructure, to: RecipeStructure): readonly HoldReason[] {
  return to.fileObjects.flatMap((after): readonly HoldReason[] => {
    const before = from.fileObjects.find(
      ({ kind, fullName }) => kind === after.kind && fullName === after.fullName,
    );
    if (before?.text === undefined || after.text === undefined) return [];
    if (before.text === after.text) return [];
    return [changedFile(before.text, after.text, { object: after, tag: to.tag })];
  });
}

function changedFile(
  was: string,
  is: string,
  { object, tag }: { readonly object: FileObject; readonly tag: string },
): HoldReason {
  const { kind, name, fullName, file } = object;
  const [old, now] = [was.split('\n'), is.split('\n')];
  const length = Math.max(old.length, now.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => old[index] !== now[index]);
  const shown = (lines: readonly string[]): string | null => {
    const line = lines[at ?? 0];
    if (line === undefined || kind === 'secret' || LOOKS_SECRET.test(line)) return null;
    return line.slice(0, LINE_LENGTH_MAX);
  };
  return held('ConfigUnversioned', {
    message: `${tag} changes the content of ${kind} ${name} and not its version: Docker cannot change ${fullName}, so the recipe has to raise the version`,
    ...{ file, line: Math.min((at ?? 0) + 1, now.length), from: shown(old), to: shown(now) },
  });
}

function held(
  reason: string,
  evidence: Omit<HoldReason, 'kind' | 'reason' | 'line'> & { readonly line: number | undefined },
): HoldReason {
  return { kind: 'held-new-configuration', reason, ...evidence, line: evidence.line ?? null };
}
