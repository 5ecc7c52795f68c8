/** From what people wrote to what a transition freezes: the app's identity, its policy and the release it means. */
import type { AppIdentity, HealthPolicy } from '../model/app.ts';
import type { Desired, RecipeSpec, WarmAppSpec } from '../model/desired.ts';
import type { CommitSha } from '../model/names.ts';
import type { ReleaseSpec } from '../model/release.ts';
import { specHashOf } from '../recipe/spec-hash.ts';

export function identityOf(desired: Desired, app: WarmAppSpec, recipe: RecipeSpec): AppIdentity {
  return {
    name: app.name,
    recipe: app.recipe,
    recipeUrl: recipe.url,
    driver: recipe.driver,
    domain: app.domain,
    stack: app.stack,
    data: app.data,
    proxyNetwork: desired.settings.proxyNetwork,
    givenSecrets: recipe.secrets,
  };
}

export function policyOf(recipe: RecipeSpec): HealthPolicy {
  return {
    health: recipe.health,
    convergeMs: recipe.timeouts.convergeMs,
    bootMs: recipe.timeouts.bootMs,
  };
}

/** The release that this tag and the configuration of today make. */
export function releaseSpecOf(
  identity: AppIdentity,
  app: WarmAppSpec,
  release: { readonly tag: string; readonly commit: CommitSha },
): ReleaseSpec {
  return {
    version: release.tag,
    commit: release.commit,
    env: app.env,
    specHash: specHashOf({
      commit: release.commit,
      env: app.env,
      domain: identity.domain,
      stack: identity.stack,
      proxyNetwork: identity.proxyNetwork,
      givenSecrets: identity.givenSecrets.map((secret) => secret.name),
    }),
  };
}
