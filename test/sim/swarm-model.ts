/**
 * A one-node Swarm that behaves as the real one was measured to: services are gone at once, their tasks after 3.8 s, their
 * containers after 5.9 s (15.8 s where the first process ignores SIGTERM), and until then the programs write on. A task
 * runs about a second after it was made; one that dies is replaced after the restart delay, for ever. `completed` is
 * said when the monitor's 5 s are over, whatever comes later.
 *
 * Not here: what lists show (swarm-view.ts), and calls that fail (swarm-api.ts).
 */
import type { DirectoryNode } from './file-system.ts';
import { startProgram, writeSomething, type ProgramDeps } from './programs.ts';
import {
  graceMsOf,
  isDead,
  isWanted,
  labelsOf,
  nodeId,
  type SimContainer,
  type SimNode,
  type SimServiceObject,
  type SimSpec,
  type SimTask,
  type SwarmDeps,
} from './swarm-objects.ts';
import { SwarmStores } from './swarm-stores.ts';
import { times } from './swarm-times.ts';

const DEAD_TASKS_KEPT = 4;

export class SwarmModel extends SwarmStores {
  readonly services = new Map<string, SimServiceObject>();
  readonly tasks = new Map<string, SimTask>();
  readonly containers = new Map<string, SimContainer>();
  readonly nodes: readonly SimNode[];
  /** Removals take this much longer: an agent that is busy or cut off, its containers alive. */
  stuckMs = 0;
  readonly #deps: SwarmDeps;
  readonly #programs: ProgramDeps;

  constructor(deps: SwarmDeps) {
    super();
    this.#deps = deps;
    this.nodes = Array.from({ length: deps.nodes }, (_, index) => ({
      id: index === 0 ? nodeId : `node-${String(index + 1)}`,
      isCutOff: false,
      isReady: true,
    }));
    this.#programs = {
      time: deps.time,
      rng: deps.rng,
      disk: deps.disk,
      onStart: deps.onStart,
      die: (container, exitCode) => {
        this.#end(container, 'failed', `task: non-zero exit (${String(exitCode)})`, exitCode);
      },
    };
  }

  serviceNamed(name: string): SimServiceObject | undefined {
    return [...this.services.values()].find((service) => service.name === name);
  }

  createService(name: string, stack: string, spec: SimSpec, labels = labelsOf(spec)): void {
    const service: SimServiceObject = {
      id: this.newId('service'),
      name,
      stack,
      spec,
      labels,
      updateState: undefined,
      versionIndex: 1,
      updatedAtMs: this.#deps.time.nowMs,
      isRemoved: false,
    };
    this.services.set(service.id, service);
    this.#makeTask(service, 0);
  }

  /** In place, stop first; on failure Swarm pauses and goes on restarting the bad spec. */
  updateService(service: SimServiceObject, spec: SimSpec): void {
    service.spec = spec;
    service.labels = labelsOf(spec);
    service.versionIndex += 1;
    service.updatedAtMs = this.#deps.time.nowMs;
    service.updateState = 'updating';
    for (const task of this.#tasksOf(service)) {
      if (task.desiredState === 'remove') continue;
      task.desiredState = 'shutdown';
      if (task.node?.isCutOff === true) continue;
      if (task.container?.isRunning === true) {
        this.#stop(task.container, graceMsOf(task), 'shutdown');
      } else if (!isDead(task)) this.#setState(task, 'shutdown');
    }
    this.#makeTask(service, 500);
  }

  /** What its tasks are made from is the same: none is replaced. */
  labelService(service: SimServiceObject, labels: SimServiceObject['labels']): void {
    service.labels = labels;
    service.versionIndex += 1;
    service.updatedAtMs = this.#deps.time.nowMs;
    service.updateState = undefined;
  }

  removeService(id: string): void {
    const service = this.services.get(id);
    if (service === undefined) return;
    this.services.delete(id);
    service.isRemoved = true;
    const extraMs = this.stuckMs;
    for (const task of this.#tasksOf(service)) {
      const wasDead = isDead(task);
      // The orchestrator turns to it a moment later.
      this.#deps.time.after(this.#deps.rng.between(5, 120), () => (task.desiredState = 'remove'));
      // Nobody there hears of it: task and container stay until the node is back.
      if (task.node?.isCutOff === true) continue;
      const graceMs = wasDead ? 0 : graceMsOf(task);
      const { container } = task;
      if (container?.isRunning === true) {
        this.#stop(container, times.stopBeginsMs + graceMs + extraMs, 'shutdown');
      }
      this.#deps.time.after(times.taskGoneMs + graceMs + extraMs, () => {
        this.tasks.delete(task.id);
      });
      this.#deps.time.after(times.containerGoneMs + graceMs + extraMs, () => {
        if (task.container === undefined) return;
        task.container.isRunning = false;
        this.containers.delete(task.container.id);
      });
    }
  }

  /** False while something is attached. */
  removeNetwork(id: string): boolean {
    const network = this.networks.get(id);
    if (network === undefined || network.isLeaving) return true;
    const isOfStack = (service: SimServiceObject): boolean => service.stack === network.stack;
    const isUsed =
      [...this.services.values()].some(isOfStack) ||
      [...this.tasks.values()].some((task) => isOfStack(task.service) && isWanted(task));
    if (isUsed) return false;
    network.isLeaving = true;
    const isAttached = [...this.containers.values()].some(
      ({ task, isRunning }) => isRunning && isOfStack(task.service),
    );
    const lingerMs = isAttached ? times.networkGoneMs : this.#deps.rng.between(50, 400);
    this.#deps.time.after(lingerMs, () => this.networks.delete(id));
    return true;
  }

  /** The managers notice after 10.4 s, and replace what they can 5.8 s later; what runs there lives on. */
  cutOff(node: SimNode): void {
    if (node.isCutOff) return;
    node.isCutOff = true;
    this.#deps.time.after(times.nodeDownMs, () => {
      if (!node.isCutOff) return;
      node.isReady = false;
      for (const task of [...this.tasks.values()]) {
        if (task.node !== node || !isWanted(task)) continue;
        task.desiredState = 'shutdown';
        this.#makeTask(task.service, times.nodeReplacedMs);
      }
    });
  }

  /** Back within 3 s: what is not wanted there any more is stopped, what died meanwhile is told. */
  reconnect(node: SimNode): void {
    if (!node.isCutOff) return;
    node.isCutOff = false;
    this.#deps.time.after(times.nodeBackMs, () => {
      if (node.isCutOff) return;
      node.isReady = true;
      for (const task of [...this.tasks.values()]) {
        if (task.node !== node) continue;
        const { container } = task;
        if (task.desiredState === 'remove') {
          this.tasks.delete(task.id);
          if (container !== undefined) {
            container.isRunning = false;
            this.containers.delete(container.id);
          }
        } else if (!isWanted(task)) {
          if (container?.isRunning === true) this.#stop(container, graceMsOf(task), 'shutdown');
          else if (!isDead(task)) this.#setState(task, 'shutdown');
        } else if (container?.isRunning === false && !isDead(task)) {
          this.#fail(task, 'task: non-zero exit (1)', 1, times.restartDelayMs);
        }
      }
      for (const task of [...this.tasks.values()]) {
        if (task.node === undefined && isWanted(task)) this.#assign(task, 0);
      }
    });
  }

  /** By hand, as `docker stack rm` does it: the network lingers, and what is deployed meanwhile finds it gone. */
  removeStack(stack: string): void {
    for (const service of [...this.services.values()]) {
      if (service.stack === stack) this.removeService(service.id);
    }
    for (const network of this.networks.values()) {
      if (network.stack !== stack || network.isLeaving) continue;
      network.isLeaving = true;
      this.#deps.time.after(times.networkGoneMs, () => this.networks.delete(network.id));
    }
  }

  /** The daemon stops everything, comes back, and says of every task that its container is gone. */
  restartEngine(): void {
    for (const container of [...this.containers.values()]) {
      const { task } = container;
      if (!container.isRunning || task.node?.id !== nodeId) continue;
      container.isRunning = false;
      container.isServing = false;
      this.#deps.time.after(3500, () => {
        this.containers.delete(container.id);
        if (isDead(task) || task.desiredState !== 'running') return;
        this.#fail(task, `No such container: ${container.id}`, undefined, 3000);
      });
    }
  }

  /** Every program that runs writes, as programs do. */
  writeEverywhere(): void {
    for (const container of this.containers.values()) {
      if (container.isRunning && container.isServing) writeSomething(container, this.#deps.disk);
    }
  }

  #makeTask(service: SimServiceObject, delayMs: number): void {
    if (service.isRemoved) return;
    const task: SimTask = {
      id: this.newId('task'),
      service,
      spec: service.spec,
      createdAtMs: this.#deps.time.nowMs,
      desiredState: delayMs > 1000 ? 'ready' : 'running',
      state: 'pending',
      stateAtMs: this.#deps.time.nowMs,
      node: undefined,
      error: undefined,
      exitCode: undefined,
      container: undefined,
    };
    this.tasks.set(task.id, task);
    this.#forgetOldTasks(service);
    this.#assign(task, delayMs);
  }

  /** A task with data stays on the node that has it, and waits for it. One that is to start later has its node at once. */
  #assign(task: SimTask, delayMs: number): void {
    const { time, rng } = this.#deps;
    time.after(rng.between(20, 80), () => {
      if (!isWanted(task) || task.node !== undefined) return;
      const fit = this.nodes.filter(
        ({ id, isReady }) => isReady && (task.spec.mounts.size === 0 || id === nodeId),
      );
      if (fit.length === 0) {
        task.error = 'no suitable node (scheduling constraints not satisfied on 1 node)';
        return;
      }
      task.error = undefined;
      task.node = fit.length === 1 ? fit[0] : rng.pick(fit);
      if (task.desiredState === 'ready') this.#makeReady(task);
      time.after(delayMs, () => this.#prepare(task));
    });
  }

  /** The agent sees to the image while the restart delay runs. */
  #makeReady(task: SimTask): void {
    if (task.node?.isCutOff === true) return;
    if (this.#deps.pullMs(task.spec.image) !== undefined) this.#setState(task, 'ready');
    else this.#reject(task, `No such image: ${task.spec.image}`);
  }

  #reject(task: SimTask, error: string): void {
    task.error = error;
    task.exitCode = 0;
    this.#setState(task, 'rejected');
  }

  #prepare(task: SimTask): void {
    const { time, rng } = this.#deps;
    if (!isWanted(task)) return;
    if (isDead(task)) {
      this.#replace(task, times.restartDelayMs);
      return;
    }
    if (task.node?.isCutOff === true) {
      // Nobody there hears of it, until it is back or another task takes its place.
      time.after(times.nodeBackMs, () => this.#prepare(task));
      return;
    }
    task.desiredState = 'running';
    this.#setState(task, 'preparing');
    const pullMs = this.#deps.pullMs(task.spec.image);
    if (pullMs === undefined) {
      this.#reject(task, `No such image: ${task.spec.image}`);
      this.#replace(task, times.restartDelayMs);
      return;
    }
    time.after(pullMs + rng.between(700, 1000), () => {
      if (isWanted(task) && !isDead(task)) this.#start(task);
    });
  }

  #start(task: SimTask): void {
    const inodes = new Map<string, DirectoryNode>();
    for (const [volume, path] of task.spec.mounts) {
      const inode = this.#deps.disk.folder(path);
      if (inode === undefined) {
        this.#reject(task, `invalid mount: ${path} does not exist`);
        this.#replace(task, times.restartDelayMs);
        return;
      }
      inodes.set(volume, inode);
      this.#deps.disk.files.syncPath(path);
    }
    const container: SimContainer = {
      id: this.newId('container'),
      task,
      inodes,
      isRunning: true,
      isServing: false,
    };
    task.container = container;
    this.containers.set(container.id, container);
    this.#setState(task, 'running');
    startProgram(container, this.#programs);
    const { service } = task;
    if (service.updateState !== 'updating' || task.spec !== service.spec) return;
    this.#deps.time.after(times.monitorMs, () => {
      const isStill = service.updateState === 'updating' && task.spec === service.spec;
      if (isStill && container.isRunning) this.#say(service, 'completed');
    });
  }

  #stop(container: SimContainer, afterMs: number, state: string): void {
    this.#deps.time.after(afterMs, () => {
      if (!container.isRunning) return;
      container.isRunning = false;
      container.isServing = false;
      this.#setState(container.task, state);
    });
  }

  #end(container: SimContainer, state: string, error: string, exitCode: number): void {
    if (!container.isRunning) return;
    container.isRunning = false;
    container.isServing = false;
    const { task } = container;
    if (task.desiredState !== 'running') {
      this.#setState(task, state);
      return;
    }
    this.#fail(task, error, exitCode, times.restartDelayMs);
  }

  #fail(task: SimTask, error: string, exitCode: number | undefined, delayMs: number): void {
    // Told when the node is back.
    if (task.node?.isCutOff === true) return;
    task.error = error;
    task.exitCode = exitCode;
    this.#setState(task, 'failed');
    this.#replace(task, delayMs);
  }

  #replace(task: SimTask, delayMs: number): void {
    const { service } = task;
    if (task.spec !== service.spec || task.desiredState === 'remove') return;
    task.desiredState = 'shutdown';
    if (service.updateState === 'updating') this.#say(service, 'paused');
    this.#makeTask(service, delayMs);
  }

  /** Swarm's word on an update is a write as any other. */
  #say(service: SimServiceObject, updateState: string): void {
    service.updateState = updateState;
    service.versionIndex += 1;
  }

  #setState(task: SimTask, state: string): void {
    task.state = state;
    task.stateAtMs = this.#deps.time.nowMs;
  }

  #tasksOf(service: SimServiceObject): readonly SimTask[] {
    return [...this.tasks.values()].filter((task) => task.service === service);
  }

  /** Swarm keeps a few dead tasks of a service, with their containers. */
  #forgetOldTasks(service: SimServiceObject): void {
    const dead = this.#tasksOf(service).filter(
      (task) => isDead(task) && task.container?.isRunning !== true,
    );
    for (const task of dead.slice(0, Math.max(0, dead.length - DEAD_TASKS_KEPT))) {
      this.tasks.delete(task.id);
      if (task.container !== undefined) this.containers.delete(task.container.id);
    }
  }
}
