/**
 * What holds where people say nothing. The schemas state the same values for editors and
 * documentation; test/spec/defaults.test.ts holds the two together.
 */
export const DEFAULTS = {
  maxTests: 2,
  resync: '60s',
  driver: 'Stack',
  recipeUrl: 'https://git.coopcloud.tech/coop-cloud/{recipe}.git',
  proxyNetwork: 'proxy',
  disk: { reserve: '5Gi', warnBelow: '15Gi', orphanGrace: '72h' },
  snapshots: { driver: 'Tar' },
  alerts: { remindAfter: '24h' },
  service: 'app',
  probePath: '/',
  probeStatus: ['200-399'],
  proxyScheme: 'https',
  /** The schema only describes these: one default would not do for both. */
  proxyPorts: { https: 443, http: 80 },
  stableFor: '10s',
  timeouts: { converge: '600s', boot: '300s' },
  upgradeBase: 'previous',
  test: { stage: 'Custom', timeout: '120s' },
  version: 'latest',
  data: 'Stateful',
  gate: { minAge: '0s', onImageMajor: 'Hold', onNewConfiguration: 'Hold' },
  realmsMax: 50,
  run: { mode: 'Cold', ref: 'latest', timeout: '60m', keepAfter: '0s' },
  timeZone: 'UTC',
  rebuild: { timeout: '30m', onFailure: 'SweepAnyway' },
  sweepRecipes: ['*'],
  sweepBudget: '6h',
} as const;
