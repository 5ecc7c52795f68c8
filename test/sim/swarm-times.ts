/** How long things take in a Swarm, as they were measured of a real one, in milliseconds. */
export const times = {
  taskGoneMs: 3780,
  containerGoneMs: 5890,
  stopBeginsMs: 2000,
  stopGraceMs: 10_000,
  restartDelayMs: 5000,
  monitorMs: 5000,
  networkGoneMs: 3450,
  nodeDownMs: 10_400,
  nodeReplacedMs: 5800,
  nodeBackMs: 3000,
} as const;
