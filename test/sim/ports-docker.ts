/** The ports Engine, Images, Secrets and Probes over the simulated Docker. */
import { CiWarmError } from '../../controller/model/failure.ts';
import type { Engine } from '../../controller/ports/engine.ts';
import type { Images } from '../../controller/ports/images.ts';
import type { Probes } from '../../controller/ports/probes.ts';
import type { Secrets } from '../../controller/ports/secrets.ts';
import { pinnedOf } from './catalogue.ts';
import type { Life } from './life.ts';
import type { SimContainer } from './swarm-objects.ts';

/** What has to be free for an image to be pulled. */
const IMAGE_BYTES = 256 * 2 ** 20;

export function createEngine({ world, door, sleep }: Life): Engine {
  const { api, swarm, disk } = world;
  const read = { mutates: false, errors: ['no-answer'] } as const;
  const write = { mutates: true, errors: ['no-answer'] } as const;
  return {
    observe: () =>
      door.through({ ...read, name: 'engine.observe', of: '' }, () => api.view(undefined)),
    observeStack: (stack) =>
      door.through({ ...read, name: 'engine.observeStack', of: stack }, () => api.view(stack)),
    removeService: (id) => {
      const service = swarm.services.get(id);
      const of = service?.stack ?? '';
      return door.through({ ...write, name: 'engine.removeService', of }, () =>
        api.write(() => {
          if (!swarm.services.has(id)) return;
          world.rules.mayTouch(of, 'remove-service');
          swarm.removeService(id);
        }, sleep),
      );
    },
    labelService: (id, { set, drop, ifVersion }) => {
      const service = swarm.services.get(id);
      const of = service?.stack ?? '';
      const errors = ['no-answer', 'tool-failed'] as const;
      return door.through({ ...write, errors, name: 'engine.labelService', of }, () =>
        api.write(() => {
          if (service === undefined || service.isRemoved) {
            throw new CiWarmError('conflict', 'the service is gone');
          }
          const wanted = { ...service.labels, ...set };
          const kept = Object.entries(wanted).filter(([name]) => !drop.includes(name));
          const labels = Object.fromEntries(kept);
          if (JSON.stringify(labels) === JSON.stringify(service.labels)) return;
          if (ifVersion !== undefined && ifVersion !== service.versionIndex) {
            throw new CiWarmError('conflict', 'the service was written by somebody else');
          }
          world.rules.mayTouch(of, 'label');
          swarm.labelService(service, labels);
        }, sleep),
      );
    },
    removeContainer: (id) =>
      door.through({ ...write, name: 'engine.removeContainer', of: id }, () =>
        api.write(() => {
          const container = swarm.containers.get(id);
          if (container?.isRunning === true) throw new CiWarmError('conflict', 'it runs');
          swarm.containers.delete(id);
        }, sleep),
      ),
    removeNetwork: (id) => {
      const of = swarm.networks.get(id)?.stack ?? '';
      return door.through({ ...write, name: 'engine.removeNetwork', of }, () =>
        api.write(() => {
          const network = swarm.networks.get(id);
          if (network === undefined) return;
          // Swarm has let it go, and this node still lists it.
          const isHeld = [...swarm.containers.values()].some(
            ({ task, isRunning }) => isRunning && task.service.stack === of,
          );
          if (network.isLeaving && isHeld) throw new CiWarmError('no-answer', 'not found');
          world.rules.mayTouch(of, 'remove-network');
          if (!swarm.removeNetwork(id)) throw new CiWarmError('conflict', 'network is in use');
        }, sleep),
      );
    },
    tailLogs: (id) =>
      door.through({ ...read, name: 'engine.tailLogs', of: id }, () => {
        api.refuseWhileDown();
        return ['a last line'];
      }),
    watch: (onChange, signal) => {
      api.watch(onChange);
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
    usersOf: (names, paths) =>
      door.through({ ...read, name: 'engine.usersOf', of: '' }, () => {
        api.refuseWhileDown();
        const inodes = new Set(paths.flatMap((path) => disk.folder(path) ?? []));
        const mounts = ({ task }: SimContainer): boolean =>
          [...task.spec.mounts.keys()].some((it) => names.includes(`${task.service.stack}_${it}`));
        return [...swarm.containers.values()].flatMap((one) => [
          ...(mounts(one) ? [`container ${one.id}`] : []),
          ...(one.isRunning && [...one.inodes.values()].some((it) => inodes.has(it))
            ? [`process of ${one.id}`]
            : []),
        ]);
      }),
  };
}

export function createImages({ world, door, sleep }: Life): Images {
  const { registry } = world;
  return {
    ensure: (reference) =>
      door.through(
        {
          name: 'images.ensure',
          of: reference,
          mutates: true,
          errors: ['no-answer', 'image-missing', 'disk-full'],
        },
        async () => {
          world.api.refuseWhileDown();
          const pinned = reference.includes('@') ? reference : pinnedOf(reference);
          if (registry.present.has(pinned)) return pinned;
          if (registry.isDown) throw new CiWarmError('no-answer', 'the registry does not answer');
          if (world.disk.freeBytes < IMAGE_BYTES) {
            throw new CiWarmError('disk-full', `pulling ${reference}: no space left on device`);
          }
          await sleep(registry.pullMs());
          registry.present.add(pinned);
          return pinned;
        },
      ),
    ofContainer: (containerId, reference) =>
      door.through(
        {
          name: 'images.ofContainer',
          of: reference,
          mutates: false,
          errors: ['no-answer', 'image-missing'],
        },
        () => {
          world.api.refuseWhileDown();
          if (!world.swarm.containers.has(containerId)) {
            throw new CiWarmError('image-missing', 'the container is gone');
          }
          return reference.includes('@') ? reference : pinnedOf(reference);
        },
      ),
    isPresent: (pinned) =>
      door.through(
        { name: 'images.isPresent', of: pinned, mutates: false, errors: ['no-answer'] },
        () => {
          world.api.refuseWhileDown();
          return registry.present.has(pinned);
        },
      ),
  };
}

export function createSecrets({ world, door, sleep, asked }: Life): Secrets {
  const { api, swarm, time } = world;
  const secretsOf = (stack: string): ReadonlyMap<string, string> =>
    new Map(
      [...swarm.secrets].flatMap(([name, { id }]): [string, string][] =>
        name.startsWith(`${stack}_`) ? [[name, id]] : [],
      ),
    );
  return {
    list: (stack) =>
      door.through(
        { name: 'secrets.list', of: stack, mutates: false, errors: ['no-answer'] },
        () => {
          api.view(stack);
          asked.secretsMs = time.nowMs;
          return secretsOf(stack);
        },
      ),
    ensure: ({ name, labels }) =>
      door.through(
        { name: 'secrets.ensure', of: name, mutates: true, errors: ['no-answer'] },
        async () => {
          if (!swarm.secrets.has(name)) {
            await api.write(() => swarm.ensureSecret(name, labels), sleep);
          }
          return { id: swarm.ensureSecret(name, labels) };
        },
      ),
  };
}

export function createProbes({ world, door }: Life): Probes {
  return {
    run: (probes, { stack, view }) =>
      door.through({ name: 'probes.run', of: stack, mutates: false, errors: [] }, () => {
        const ids = new Set(
          view.tasks.flatMap(({ id, state, desiredState }) =>
            state === 'running' && desiredState === 'running' ? [id] : [],
          ),
        );
        const running = [...world.swarm.containers.values()].filter(
          (one) => one.task.service.stack === stack && ids.has(one.task.id),
        );
        const app = running.find((one) => one.task.spec.program.name === 'app');
        const isUp = app?.isRunning === true && app.isServing;
        const sinceMs = (isUp ? app.servingSinceMs : undefined) ?? world.time.nowMs;
        world.rules.looked.onProbe(stack, world.time.nowMs - sinceMs);
        if (probes.some(({ kind }) => kind === 'proxy')) return [world.proxy.ask(stack)];
        const probe = 'GET / of app';
        if (app === undefined) return [{ kind: 'unknown', probe, detail: 'no way to the task' }];
        return isUp
          ? [{ kind: 'green', probe }]
          : [{ kind: 'red', probe, detail: 'connection refused' }];
      }),
  };
}
