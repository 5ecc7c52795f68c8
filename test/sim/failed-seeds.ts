/**
 * Worlds that broke a rule when they were drawn, with the options that their seeds gave then: what a seed draws changes
 * whenever the simulation learns something, what is written down here does not. `npm run sim` prints such a line for
 * each world that fails.
 */
import type { Scenario } from './scenario.ts';

export interface FailedSeed {
  readonly seed: number;
  readonly why: string;
  readonly options: Omit<Scenario, 'seed'>;
}

// prettier-ignore
export const failedSeeds: readonly FailedSeed[] = [
  {"seed":1,"why":"U3: alpha: 1.0.0+1.0.0 is good and is quarantined: CrashLoop","options":{"apps":[{"name":"alpha","data":"Stateful","version":"latest","releases":[{"version":"1.0.0","behaviour":"good","migrates":false,"hasWorker":true,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":0}]}],"happenings":[{"atMs":6432,"what":{"kind":"engine-restart"}}],"rates":{"kill":0.01,"fail":0.03,"slow":0.05},"isWarm":false,"safetyMs":120000,"nodes":1}},
  {"seed":307,"why":"U3: alpha: 1.0.0+1.0.0 is good and is quarantined: CrashLoop","options":{"apps":[{"name":"alpha","data":"Stateful","version":"latest","releases":[{"version":"1.0.0","behaviour":"good","migrates":false,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":0},{"version":"1.1.0","behaviour":"stumbles","migrates":false,"hasWorker":false,"addsVolume":false,"asksForWork":true,"surprise":"none","appearsAtMs":1795251696002},{"version":"1.2.0","behaviour":"good","migrates":true,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":1795251627323}]}],"happenings":[],"rates":{"kill":0.01,"fail":0,"slow":0.05},"isWarm":false,"safetyMs":120000,"nodes":1}},
  {"seed":333,"why":"U3: alpha: 1.0.0+1.0.0 is good and is quarantined: CrashLoop","options":{"apps":[{"name":"alpha","data":"Stateful","version":"latest","releases":[{"version":"1.0.0","behaviour":"good","migrates":false,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":0},{"version":"1.1.0","behaviour":"destroys","migrates":true,"hasWorker":false,"addsVolume":true,"asksForWork":false,"surprise":"none","appearsAtMs":1795251668608}]},{"name":"beta","data":"Stateless","version":"latest","releases":[{"version":"1.0.0","behaviour":"good","migrates":false,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":0},{"version":"2.0.0","behaviour":"crashes","migrates":true,"hasWorker":true,"addsVolume":false,"asksForWork":true,"surprise":"none","appearsAtMs":1795251741017},{"version":"2.1.0","behaviour":"ignores-term","migrates":false,"hasWorker":true,"addsVolume":false,"asksForWork":false,"surprise":"mount-moved","appearsAtMs":1795251888985}]},{"name":"gamma","data":"Stateful","version":"latest","releases":[{"version":"1.0.0","behaviour":"good","migrates":true,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":0},{"version":"1.1.0","behaviour":"good","migrates":false,"hasWorker":false,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":1795251761557},{"version":"2.0.0","behaviour":"good","migrates":false,"hasWorker":true,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":1795251772578},{"version":"2.1.0","behaviour":"crashes","migrates":false,"hasWorker":true,"addsVolume":false,"asksForWork":false,"surprise":"none","appearsAtMs":1795251681361}]}],"happenings":[{"atMs":15309,"what":{"kind":"stuck-removals","forMs":82671,"byMs":700000}},{"atMs":19428,"what":{"kind":"disk-full","forMs":21208,"freeBytes":0}},{"atMs":179045,"what":{"kind":"kill"}},{"atMs":227274,"what":{"kind":"stuck-removals","forMs":24823,"byMs":40000}},{"atMs":234721,"what":{"kind":"state-damaged","app":"alpha","file":"manifest.json","how":"flipped"}},{"atMs":278172,"what":{"kind":"power-cut"}}],"rates":{"kill":0.01,"fail":0.03,"slow":0.05},"isWarm":false,"safetyMs":300000,"nodes":1}},
];

/** A row for the table above, in one line. */
export function rowOf({ seed, ...options }: Scenario, why: string): string {
  return `  ${JSON.stringify({ seed, why, options })},`;
}
