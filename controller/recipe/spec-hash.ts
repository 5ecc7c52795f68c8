/**
 * The digest over everything of ours that shapes a stack. Two releases of equal hash would be rendered the same, so a
 * deploy of one over the other would change nothing.
 *
 * Not in it: the digests of images (they are compared by themselves), the values of secrets (they are in Swarm's store
 * under a name of their own) and the files that people give them in.
 */
import { digestOf } from '../model/digest.ts';

export interface SpecInput {
  readonly commit: string;
  /** Our values over the recipe's `.env.sample`. */
  readonly env: Readonly<Record<string, string>>;
  readonly domain: string;
  readonly stack: string;
  readonly proxyNetwork: string;
  /** Names of the secrets that people give. */
  readonly givenSecrets: readonly string[];
}

/** `sha256:<hex>`. The order of variables and of secrets makes no difference. */
export function specHashOf(input: SpecInput): string {
  return digestOf({
    commit: input.commit,
    env: input.env,
    domain: input.domain,
    stack: input.stack,
    proxyNetwork: input.proxyNetwork,
    givenSecrets: [...input.givenSecrets].sort(),
  });
}
