import { createConnection } from '../../controller/adapters/docker/connect.ts';
import { createLeases } from '../../controller/adapters/docker/lease.ts';
import { describeLeases } from '../conformance/leases.ts';
import { docker } from './support/swarm.ts';

describeLeases(
  () => createLeases(createConnection({ socketPath: undefined })),
  async () => {
    for (const { ID, Spec } of await docker.listConfigs()) {
      const scope = Spec?.Labels['dev.ci-warm.lease.scope'] ?? '';
      if (scope.endsWith('.a-domain-of-some-length.example.org')) {
        await docker.getConfig(ID).remove();
      }
    }
  },
);
