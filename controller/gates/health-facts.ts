/** What one look at the Swarm says of a deploy that is being judged: what runs, what died, what is somebody else's. */
import { label, type ServiceView, type SwarmView, type TaskView } from '../model/swarm.ts';

export interface FactsQuestion {
  readonly stack: string;
  /** Null: whatever the services were written with. */
  readonly specHash: string | null;
  readonly services: readonly string[];
  readonly deployedAtMs: number;
  /** Deaths until this moment are an outage's, not the app's. */
  readonly excuseUntilMs: number;
}

export interface HealthFacts {
  readonly services: readonly ServiceView[];
  /** Services of ours that carry another spec than the one that was deployed. */
  readonly foreign: readonly ServiceView[];
  /** What does not run as it should, one phrase each. */
  readonly notRunning: readonly { readonly what: string; readonly service: ServiceView | null }[];
  readonly running: readonly TaskView[];
  readonly deaths: ReadonlyMap<string, readonly TaskView[]>;
  readonly exhausted: readonly ServiceView[];
  readonly unplaceable: string | undefined;
  /** Tasks of this deploy that an outage took: what ran out of time may have done so for its sake. */
  readonly lostToOutage: number;
}

export function gatherFacts(question: FactsQuestion, view: SwarmView): HealthFacts {
  const services = view.services.filter(
    (service) => service.stack === question.stack && question.services.includes(service.name),
  );
  const missing = question.services.filter(
    (name) => !services.some((service) => service.name === name),
  );
  const downNodes = new Set(view.nodes.filter((node) => !node.ready).map((node) => node.id));
  const isDeath = (service: ServiceView, task: TaskView): boolean =>
    (task.state === 'failed' ||
      task.state === 'rejected' ||
      (task.state === 'complete' && !service.mayEnd)) &&
    // Running at the wanted spec is running, however it came about: a deploy that is repeated after a crash finds its
    // tasks there. But a death counts only since the deploy: the same spec may have died in an earlier life.
    task.createdAtMs >= question.deployedAtMs;
  const isExcused = (task: TaskView): boolean =>
    task.stateAtMs <= question.excuseUntilMs || downNodes.has(task.nodeId);
  const deaths = new Map<string, readonly TaskView[]>();
  const running: TaskView[] = [];
  const notRunning: { what: string; service: ServiceView | null }[] = missing.map((name) => ({
    what: `service ${name} is not there`,
    service: null,
  }));
  const exhausted: ServiceView[] = [];
  let unplaceable: string | undefined;
  let lostToOutage = 0;
  for (const service of services) {
    const tasks = view.tasks.filter(
      (task) => task.serviceId === service.id && isOfThisChange(question, service, task),
    );
    const dead = tasks.filter((task) => isDeath(service, task));
    deaths.set(
      service.id,
      dead.filter((task) => !isExcused(task)),
    );
    lostToOutage += dead.filter(isExcused).length;
    const up = tasks.filter((task) => task.state === 'running' && task.desiredState === 'running');
    running.push(...up);
    const ended = service.mayEnd && tasks.some((task) => task.state === 'complete');
    const wanted = service.replicas ?? view.nodes.filter((node) => node.ready).length;
    if (up.length < wanted && !ended) {
      const pending = tasks.find((task) => task.state === 'pending' && task.error !== undefined);
      unplaceable ??= pending?.error;
      const last = tasks.toSorted((a, b) => b.stateAtMs - a.stateAtMs)[0];
      notRunning.push({
        what: `service ${service.name} has ${String(up.length)} of ${String(wanted)} tasks running${describeTask(last)}`,
        service,
      });
      const sinceDeploy = tasks.filter((task) => task.createdAtMs >= question.deployedAtMs);
      if (isExhausted(service, sinceDeploy)) exhausted.push(service);
    }
  }
  const foreign = services.filter(
    ({ labels }) => question.specHash !== null && labels[label.spec] !== question.specHash,
  );
  return { services, foreign, notRunning, running, deaths, exhausted, unplaceable, lostToOutage };
}

/** U3: an old task, or one of another spec, is neither success nor failure of this change. */
function isOfThisChange(question: FactsQuestion, service: ServiceView, task: TaskView): boolean {
  if (question.specHash === null) return task.image === service.image;
  if (task.specHash !== undefined) return task.specHash === question.specHash;
  return task.createdAtMs >= question.deployedAtMs;
}

/** No task is wanted any more, and the last one failed: Swarm has given up, so waiting is useless. */
function isExhausted(service: ServiceView, tasks: readonly TaskView[]): boolean {
  const mayRestart = tasks.some(
    (task) => task.desiredState === 'running' || task.desiredState === 'ready',
  );
  return (
    tasks.length > 0 &&
    !mayRestart &&
    tasks.some(
      (task) =>
        task.state === 'failed' ||
        task.state === 'rejected' ||
        (task.state === 'complete' && !service.mayEnd),
    ) &&
    (service.restartCondition !== 'any' || service.restartMaxAttempts !== undefined)
  );
}

/** ` (last: failed, exit code 3)`, or nothing. */
export function describeTask(task: TaskView | undefined): string {
  if (task === undefined) return '';
  const exit =
    task.exitCode === undefined || task.exitCode === 0
      ? ''
      : `, exit code ${String(task.exitCode)}`;
  return ` (last: ${task.state}${task.error === undefined ? '' : `, ${task.error}`}${exit})`;
}
