/** The desired tree that `ci-warm init` writes: the least that is valid, with a word on each field. A test validates it. */

interface StarterFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly text: string;
}

const settings = `# What holds for the whole host. Exactly one object of this kind.
# Every field that may stand here: ci-warm schema Settings
apiVersion: ci-warm.dev/v1
kind: Settings
metadata:
  name: host
spec:
  # Apps without a domain of their own are served at warm-<name>.<baseDomain>. Put a domain of yours here, with a
  # wildcard record that leads to this host.
  baseDomain: ci.example.org
  # Where a recipe's git repository is; a Recipe may name another. A path is relative to this folder.
  recipeUrl: https://git.coopcloud.tech/coop-cloud/{recipe}.git
  # The overlay network that recipes expect to find. ci-warm doctor says when it is missing.
  proxyNetwork: proxy
`;

const recipe = `# How a recipe is deployed and judged, whichever apps are made of it. Its name is that of its repository.
# Every field that may stand here: ci-warm schema Recipe
apiVersion: ci-warm.dev/v1
kind: Recipe
metadata:
  name: custom-html
spec:
  # Set over the recipe's own .env.sample.
  env:
    LETS_ENCRYPT_ENV: ''
  # Without \`health\`, Docker's own health and GET / of the service \`app\` decide. To ask more:
  # health:
  #   probes:
  #     - http: { service: app, path: /, status: [200] }
  #   stableFor: 10s
`;

const warmApp = `# An app that is kept running, and is upgraded only when that is safe.
# Every field that may stand here: ci-warm schema WarmApp
apiVersion: ci-warm.dev/v1
kind: WarmApp
metadata:
  name: custom-html
spec:
  recipe: custom-html
  # The newest release that needs no person; or a tag, in quotes: version: '1.0.0+1.2.3'
  version: latest
  # Stateful: its data is saved before each upgrade, and comes back when the upgrade fails. Stateless: it keeps no data.
  data: Stateful
  # domain: www.example.org
`;

export const starterTree: readonly StarterFile[] = [
  { path: 'settings.yaml', text: settings },
  { path: 'recipes/custom-html.yaml', text: recipe },
  { path: 'warm-apps/custom-html.yaml', text: warmApp },
];
