// Who answers here. Clients use topology as a ping and show the licence; we are one broker with one partition, whatever
// the number of our processes, because PostgreSQL is the one place where state is.

import { Type } from 'typebox';
import type { ApiDeps, App } from '../../types.ts';
import { DateTime, EnumOutput, Int, Nullable, Strict } from '../schemas.ts';

/** The version of the interface, not of this program: clients compare it. */
const GATEWAY_VERSION = '8.9.0';

const TopologyView = Strict({
  brokers: Type.Array(
    Strict({
      nodeId: Int,
      host: Type.String(),
      port: Int,
      partitions: Type.Array(
        Strict({
          partitionId: Int,
          role: EnumOutput(['leader', 'follower', 'inactive']),
          health: EnumOutput(['healthy', 'unhealthy', 'dead']),
        }),
      ),
      version: Type.String(),
    }),
  ),
  clusterId: Nullable(Type.String()),
  clusterSize: Int,
  partitionsCount: Int,
  replicationFactor: Int,
  gatewayVersion: Type.String(),
  lastCompletedChangeId: Type.String(),
});

const LicenseView = Strict({
  validLicense: Type.Boolean(),
  licenseType: Type.String(),
  isCommercial: Type.Boolean(),
  expiresAt: Nullable(DateTime),
});

export function registerClusterRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Cluster'];
  app.get(
    '/topology',
    {
      schema: { tags, operationId: 'getTopology', response: { 200: TopologyView } },
      config: { access: { kind: 'client', scope: 'read' } },
    },
    (request) => ({
      brokers: [
        {
          nodeId: 0,
          host: request.hostname,
          port: request.port ?? 0,
          partitions: [{ partitionId: 1, role: 'leader' as const, health: 'healthy' as const }],
          version: GATEWAY_VERSION,
        },
      ],
      clusterId: 'tram',
      clusterSize: 1,
      partitionsCount: 1,
      replicationFactor: 1,
      gatewayVersion: GATEWAY_VERSION,
      lastCompletedChangeId: '-1',
    }),
  );
  app.get(
    '/status',
    {
      schema: { tags, operationId: 'getStatus' },
      config: { access: { kind: 'public' } },
    },
    async (_request, reply) => {
      // A round trip to the database: a server that cannot reach it is not healthy.
      await deps.transactions.run((tx) => deps.runtime.countOpenJobs(tx));
      return reply.status(204).send();
    },
  );
  app.get(
    '/license',
    {
      schema: { tags, operationId: 'getLicense', response: { 200: LicenseView } },
      config: { access: { kind: 'public' } },
    },
    () => ({ validLicense: true, licenseType: 'Apache-2.0', isCommercial: false, expiresAt: null }),
  );
}
