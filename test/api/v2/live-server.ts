// An installation that listens on loopback and works like a server with workers: whatever the queue would carry is done
// at once. For clients that need a real socket.

import type { AddressInfo } from 'node:net';
import type { ClientScope } from '../../../server/modules/agencies/index.ts';
import { createClientToken } from '../../../server/modules/agencies/index.ts';
import { createInstallation, type Installation, type InstallationOptions } from '../../support/installation.ts';

export interface LiveServer {
  readonly installation: Installation;
  readonly baseUrl: string;
  createToken(clientId: string, scopes: readonly ClientScope[], tenantId?: string): Promise<string>;
  close(): Promise<void>;
}

const WORK_EVERY_MS = 20;

export async function startLiveServer(options: InstallationOptions = {}): Promise<LiveServer> {
  const installation = await createInstallation(options);
  await installation.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = installation.app.server.address() as AddressInfo; // a TCP server has one
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const work = async (): Promise<void> => {
    await installation.settle();
    if (isStopped) return;
    timer = setTimeout(() => {
      working = work();
    }, WORK_EVERY_MS);
  };
  let working = work();
  return {
    installation,
    baseUrl: `http://127.0.0.1:${port}`,
    async createToken(clientId, scopes, tenantId) {
      const { tokens } = installation.services;
      const client = { clientId, scopes, tenantId: tenantId ?? null, expiresAt: null };
      return (await installation.database.transactions.run((tx) => createClientToken(tx, tokens, client))).token;
    },
    async close() {
      isStopped = true;
      clearTimeout(timer);
      await working;
      await installation.close();
    },
  };
}

/** A service task, then a user task. */
export const orderProcess = (processId: string, version = 1): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" targetNamespace="t">
  <bpmn:process id="${processId}" name="v${version}" isExecutable="true">
    <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="work" />
    <bpmn:serviceTask id="work"><bpmn:extensionElements><zeebe:taskDefinition type="${processId}-work" />
      <zeebe:taskHeaders><zeebe:header key="desk" value="7" /></zeebe:taskHeaders></bpmn:extensionElements>
      <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:serviceTask>
    <bpmn:sequenceFlow id="f2" sourceRef="work" targetRef="wait" />
    <bpmn:intermediateCatchEvent id="wait"><bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing>
      <bpmn:messageEventDefinition id="md" messageRef="msg" /></bpmn:intermediateCatchEvent>
    <bpmn:sequenceFlow id="f3" sourceRef="wait" targetRef="check" />
    <bpmn:userTask id="check" name="Kiểm tra"><bpmn:extensionElements><zeebe:userTask /></bpmn:extensionElements>
      <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="f4" sourceRef="check" targetRef="end" />
    <bpmn:endEvent id="end"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
  </bpmn:process>
  <bpmn:message id="msg" name="${processId}-paid"><bpmn:extensionElements><zeebe:subscription correlationKey="=order" /></bpmn:extensionElements></bpmn:message>
</bpmn:definitions>`;
