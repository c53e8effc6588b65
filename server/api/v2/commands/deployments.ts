// Deployments: multipart, each part `resources` a file whose name says what it is. Content types of the parts do not
// matter; some clients send none.

import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { Deployment, ResourceFile } from '../../../runtime/index.ts';
import type { ApiDeps, App } from '../../types.ts';
import { DEFAULT_TENANT, refuseOtherTenants } from '../principal.ts';
import { badRequest, Problem } from '../problem.ts';
import { Int, KeyParams, KeyText, Nullable, Strict } from '../schemas.ts';
import { asCommand, keyOf, OperationBody } from './command.ts';

const MAX_FILES = 200;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_TOTAL_BYTES = 40 * 1024 * 1024;

const tenantId = Type.String();
const DeploymentView = Strict({
  deploymentKey: KeyText,
  tenantId,
  deployments: Type.Array(
    Strict({
      processDefinition: Nullable(
        Strict({
          processDefinitionId: Type.String(),
          processDefinitionVersion: Int,
          resourceName: Type.String(),
          tenantId,
          processDefinitionKey: KeyText,
        }),
      ),
      decisionDefinition: Nullable(
        Strict({
          decisionDefinitionId: Type.String(),
          version: Int,
          name: Type.String(),
          tenantId,
          decisionRequirementsId: Type.String(),
          decisionDefinitionKey: KeyText,
          decisionRequirementsKey: KeyText,
        }),
      ),
      decisionRequirements: Nullable(
        Strict({
          decisionRequirementsId: Type.String(),
          decisionRequirementsName: Type.String(),
          version: Int,
          resourceName: Type.String(),
          tenantId,
          decisionRequirementsKey: KeyText,
        }),
      ),
      form: Nullable(
        Strict({ formId: Type.String(), version: Int, resourceName: Type.String(), tenantId, formKey: KeyText }),
      ),
      resource: Nullable(
        Strict({
          resourceId: Type.String(),
          resourceName: Type.String(),
          version: Int,
          tenantId,
          resourceKey: KeyText,
        }),
      ),
    }),
  ),
});

export function registerDeploymentRoutes(app: App, deps: ApiDeps): void {
  const tags = ['Resource'];
  app.post(
    '/deployments',
    {
      schema: {
        tags,
        operationId: 'createDeployment',
        consumes: ['multipart/form-data'],
        response: { 200: DeploymentView },
      },
      config: { access: { kind: 'client', scope: 'deploy' } },
    },
    async (request) => {
      const files = await readFiles(request);
      return viewOf(await asCommand('CREATE', deps.runtime.commands.deploy(files)));
    },
  );
  app.post(
    '/resources/:resourceKey/deletion',
    {
      schema: {
        tags,
        operationId: 'deleteResource',
        params: KeyParams('resourceKey'),
        body: OperationBody,
        response: { 200: Strict({ resourceKey: KeyText }) },
      },
      config: { access: { kind: 'client', scope: 'deploy' } },
    },
    async (request) => {
      const { resourceKey } = request.params;
      await asCommand('DELETE', deps.runtime.commands.deleteResource(keyOf(resourceKey)));
      return { resourceKey };
    },
  );
}

async function readFiles(request: FastifyRequest): Promise<readonly ResourceFile[]> {
  if (!request.isMultipart()) {
    throw new Problem(
      'Unsupported Media Type',
      `Content-Type '${request.headers['content-type'] ?? ''}' is not supported; send multipart/form-data`,
    );
  }
  try {
    return await readParts(request);
  } catch (error) {
    if (error instanceof Problem || isLimit(error)) throw error;
    // The reader of multipart throws bare errors: no boundary, a header that is none, an end in the middle of a part.
    throw badRequest(`Failed to read request: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Limits of the reader have codes, which the error handler knows. */
const isLimit = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('FST_');

async function readParts(request: FastifyRequest): Promise<readonly ResourceFile[]> {
  const files: ResourceFile[] = [];
  let total = 0;
  const limits = { files: MAX_FILES, fileSize: MAX_FILE_BYTES, fields: 10, parts: MAX_FILES + 10, fieldSize: 1_000 };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      if (part.fieldname === 'tenantId') refuseOtherTenants([String(part.value)]);
      continue;
    }
    const bytes = await part.toBuffer();
    total += bytes.length;
    if (total > MAX_TOTAL_BYTES) throw new Problem('Payload Too Large', 'The files together are too large');
    if (part.fieldname !== 'resources') continue;
    if (part.filename === '') throw badRequest("A part 'resources' has no filename");
    files.push({ name: part.filename, bytes });
  }
  if (files.length === 0) throw badRequest("Required part 'resources' is not present.");
  return files;
}

const NOTHING = {
  processDefinition: null,
  decisionDefinition: null,
  decisionRequirements: null,
  form: null,
  resource: null,
};

function viewOf(deployment: Deployment) {
  const tenant = { tenantId: DEFAULT_TENANT };
  return {
    deploymentKey: deployment.key,
    ...tenant,
    deployments: [
      ...deployment.processes.map(({ processId, version, resourceName, key }) => ({
        ...NOTHING,
        processDefinition: {
          processDefinitionId: processId,
          processDefinitionVersion: version,
          resourceName,
          ...tenant,
          processDefinitionKey: key,
        },
      })),
      ...deployment.decisions.flatMap(({ requirements, decisions }) => [
        ...decisions.map((decision) => ({
          ...NOTHING,
          decisionDefinition: {
            decisionDefinitionId: decision.decisionId,
            version: decision.version,
            name: decision.name,
            ...tenant,
            decisionRequirementsId: decision.requirementsId,
            decisionDefinitionKey: decision.key,
            decisionRequirementsKey: decision.requirementsKey,
          },
        })),
        {
          ...NOTHING,
          decisionRequirements: {
            decisionRequirementsId: requirements.requirementsId,
            decisionRequirementsName: requirements.name,
            version: requirements.version,
            resourceName: requirements.resourceName,
            ...tenant,
            decisionRequirementsKey: requirements.key,
          },
        },
      ]),
      ...deployment.forms.map(({ formId, version, resourceName, key }) => ({
        ...NOTHING,
        form: { formId, version, resourceName, ...tenant, formKey: key },
      })),
      ...deployment.resources.map(({ resourceId, resourceName, version, key }) => ({
        ...NOTHING,
        resource: { resourceId, resourceName, version, ...tenant, resourceKey: key },
      })),
    ],
  };
}
