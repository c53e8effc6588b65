// What else a Node program could use for the same work: bpmn-engine, whose state is stored in PostgreSQL after each
// step as its documentation proposes, and DBOS with a workflow of five steps. Each on a connection pool of its own and
// with the same database, so that nobody is measured on another one's ground.

import { EventEmitter } from 'node:events';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { Engine } from 'bpmn-engine';
import type { Pool } from '../../server/adapters/postgres/pool.ts';
import { STEPS_PER_INSTANCE, variables } from './reference.ts';

const PEER_XML = `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  targetNamespace="http://bench.example">
  <process id="peer" isExecutable="true">
    <startEvent id="start" /><sequenceFlow id="f1" sourceRef="start" targetRef="first" />
    <userTask id="first" /><sequenceFlow id="f2" sourceRef="first" targetRef="second" />
    <userTask id="second" /><sequenceFlow id="f3" sourceRef="second" targetRef="third" />
    <userTask id="third" /><sequenceFlow id="f4" sourceRef="third" targetRef="choice" />
    <exclusiveGateway id="choice" default="f6" />
    <sequenceFlow id="f5" sourceRef="choice" targetRef="work">
      <conditionExpression xsi:type="tFormalExpression">\${environment.variables.approved}</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="f6" sourceRef="choice" targetRef="end" />
    <serviceTask id="work" implementation="\${environment.services.work}" />
    <sequenceFlow id="f7" sourceRef="work" targetRef="end" />
    <endEvent id="end" />
  </process>
</definitions>`;

export interface Peer {
  readonly name: string;
  run(): Promise<void>;
  close(): Promise<void>;
}

interface Waiting {
  readonly content: { readonly type?: string };
  signal(): void;
}

export async function createBpmnEnginePeer(pool: Pool): Promise<Peer> {
  await pool.query('create table if not exists bench_peer (id bigint primary key, state jsonb not null)');
  let ids = 0;
  return {
    name: 'bpmn-engine, getState() to PostgreSQL after each step',
    async run() {
      const id = (ids += 1);
      const engine = new Engine({ name: `peer-${id}`, source: PEER_XML });
      const store = (): Promise<unknown> =>
        pool.query({
          name: 'bench_peer',
          text: `insert into bench_peer (id, state) values ($1, $2) on conflict (id) do update set state = excluded.state`,
          values: [id, JSON.stringify(engine.getState())],
        });
      const listener = new EventEmitter();
      let stored = 0;
      const failed = new Promise<never>((_resolve, reject) => {
        listener.on('activity.wait', (activity: Waiting) => {
          stored += 1;
          store().then(() => activity.signal(), reject);
        });
      });
      const work = (_scope: unknown, done: (error: unknown) => void): void => {
        stored += 1;
        store().then(() => done(null), done);
      };
      const ended = engine.waitFor('end');
      await engine.execute({ listener, variables, services: { work } });
      await Promise.race([ended, failed]);
      await store();
      if (stored + 1 !== STEPS_PER_INSTANCE) throw new Error(`bpmn-engine stored ${stored + 1} steps`);
    },
    close: () => Promise.resolve(),
  };
}

export async function createDbosPeer(url: string): Promise<Peer> {
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: url, systemDatabasePoolSize: 16, logLevel: 'error' });
  const workflow = DBOS.registerWorkflow(
    async (given: typeof variables) => {
      let answer = given.approved;
      for (let step = 0; step < STEPS_PER_INSTANCE; step += 1) {
        answer = await DBOS.runStep(() => Promise.resolve(answer), { name: `step-${step}` });
      }
      return answer;
    },
    { name: 'reference' },
  );
  await DBOS.launch();
  return {
    name: 'DBOS, workflow of five steps',
    async run() {
      await workflow(variables);
    },
    close: () => DBOS.shutdown(),
  };
}
