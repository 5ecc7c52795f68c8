/**
 * The secrets that a recipe asks for: by Co-op Cloud's convention external ones, named `<stack>_<name>_<version>`, which
 * have to be in Swarm's store before the stack is deployed.
 *
 * A secret with a `file` of its own is no such request: Docker makes it from the recipe's file.
 */
import { DOCKER_NAME_MAX } from '../model/names.ts';
import type { RecipeProblem, SecretReading } from '../model/recipe.ts';
import { SAMPLE_FILE, type RecipeEnvironment } from './environment.ts';
import { dockerNameOf, type Declared } from './project.ts';
import { secretRule, versionVariable } from './secret-rule.ts';

export interface SecretsReading {
  readonly secrets: readonly SecretReading[];
  readonly problems: readonly RecipeProblem[];
}

export function readSecrets(
  declared: Iterable<Declared>,
  stack: string,
  environment: RecipeEnvironment,
): SecretsReading {
  const secrets: SecretReading[] = [];
  const problems: RecipeProblem[] = [];
  for (const one of declared) {
    if (!one.isExternal) continue;
    const variable = versionVariable(one.key);
    const modifiers = environment.modifiers.get(variable);
    const { rule, problems: complaints } = secretRule(modifiers?.values);
    for (const complaint of complaints) {
      const message = `${variable}: ${complaint}`;
      problems.push({ file: SAMPLE_FILE, line: modifiers?.line, message });
    }
    const fullName = dockerNameOf(one, stack);
    const wrong = wrongName(one.key, fullName, variable);
    if (wrong !== undefined) problems.push({ file: one.file, line: one.line, message: wrong });
    // Somebody else's secret, which we use and never make.
    const isForeign = !fullName.startsWith(`${stack}_`);
    secrets.push({ name: one.key, fullName, ...rule, generate: rule.generate && !isForeign });
  }
  return { secrets, problems };
}

function wrongName(key: string, fullName: string, variable: string): string | undefined {
  if (fullName.endsWith('_')) {
    return `secret ${key} has no version: set ${variable}, for instance to v1`;
  }
  if (fullName.length > DOCKER_NAME_MAX) {
    return `secret ${key} would be called ${fullName}, and Docker takes no more than ${String(DOCKER_NAME_MAX)} characters: shorten the app's domain`;
  }
  return undefined;
}
