/** Docker's own health, from the view that a probe is asked with. Pure. */
import type { DockerProbe } from '../../model/desired.ts';
import type { ServiceView } from '../../model/swarm.ts';
import type { ProbeTarget } from '../../ports/probes.ts';
import { green, nobody, red, unknown } from './answer.ts';
import type { Answer } from './answer.ts';
import { runningTasksOf } from './tasks.ts';

/**
 * One service: it has to have a health check, and each of its running containers has to be healthy. All services: those
 * with a health check have to be healthy; one without says nothing, and one that runs nothing is the convergence's affair.
 */
export function judgeDockerHealth(probe: DockerProbe, target: ProbeTarget): Answer {
  const inStack = target.view.services.filter((service) => service.stack === target.stack);
  if (probe.service === undefined) {
    return worst(inStack.map((service) => judgeService(service, target, 'may-have-none')));
  }
  const name = `${target.stack}_${probe.service}`;
  const service = inStack.find((each) => each.name === name);
  if (service === undefined) return red(`the stack has no service ${probe.service}`);
  if (runningTasksOf(target, service).length === 0) return red(`no task of ${probe.service} runs`);
  return judgeService(service, target, 'has-to-have-one');
}

function judgeService(
  service: ServiceView,
  target: ProbeTarget,
  check: 'may-have-none' | 'has-to-have-one',
): Answer {
  const selfId = target.view.nodes.find((node) => node.self)?.id;
  return worst(
    runningTasksOf(target, service).map((task) => {
      const container = target.view.containers.find((each) => each.id === task.containerId);
      if (container === undefined) {
        return unknown(
          task.nodeId === selfId
            ? `the container of a task of ${service.name} is not listed`
            : `a task of ${service.name} runs on another node, whose Engine tells its health to nobody else`,
        );
      }
      switch (container.health) {
        case 'healthy':
          return green;
        case 'starting':
        case 'unhealthy':
          return red(`${service.name} is ${container.health}`);
        case 'none':
          return check === 'may-have-none'
            ? nobody
            : red(`${service.name} has no health check: give it one, or take another probe`);
      }
    }),
  );
}

function worst(answers: readonly Answer[]): Answer {
  return (
    answers.find(({ kind }) => kind === 'red') ??
    answers.find(({ kind }) => kind === 'unknown') ??
    answers.find((answer) => answer.kind === 'green' && answer.nobody !== true) ??
    nobody
  );
}
