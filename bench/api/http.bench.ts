// What a step costs when it is asked for over HTTP. Our server and a Fastify route that does one `SELECT 1` take turns,
// 50 connections each, with a token and as `npm start` runs; the ratio of a round is the figure, and the median of the
// rounds is quoted. Then 1,000 workers wait for jobs that never come, and the processor time of that is counted.

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { model } from '../../test/support/model-builder.ts';
import { median, type Rate, rateOf } from '../engine/measure.ts';
import { PROCESS_ID, referenceXml, variables } from '../engine/reference.ts';
import { type BenchServer, startBenchServer, startSelectOne } from './processes.ts';

const CONNECTIONS = 50;
const ROUNDS = Number(process.env['TRAM_BENCH_ROUNDS'] ?? 5);
const PER_ROUND = 2_000;
const POLLS = 1_000;
const POLL_SECONDS = 20;
const GOALS = { completeTask: 0.6, idlePolls: 0.05 } as const;

interface Shot {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

/** Each connection takes the next sequence as soon as its last one is answered; a latency is that of a whole sequence. */
async function measure(
  server: Pick<BenchServer, 'url' | 'token'>,
  count: number,
  sequence: readonly ((memory: { jobKey: string }) => Shot)[],
): Promise<Rate> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  // autocannon reports its end at the next full second; the last answer is the end.
  let endedAt = startedAt;
  await new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: server.url,
        connections: CONNECTIONS,
        amount: count * sequence.length,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${server.token}` },
        requests: sequence.map((shotOf, index) => ({
          setupRequest(req: object, context: object) {
            const memory = context as { jobKey: string; from: number }; // ours: autocannon only carries it
            if (index === 0) memory.from = performance.now();
            return { ...req, ...shotOf(memory) };
          },
          onResponse(status: number, body: string, context: object) {
            const memory = context as { jobKey: string; from: number }; // as above
            if (status >= 300) reject(new Error(`${status} ${body}`));
            endedAt = performance.now();
            if (index === sequence.length - 1) latencies.push(endedAt - memory.from);
            else memory.jobKey = /"jobKey":"(\d+)"/.exec(body)?.[1] ?? '';
          },
        })),
      },
      (error: Error | null) => (error === null ? resolve() : reject(error)),
    );
    instance.on('reqError', reject);
  });
  return rateOf(latencies, endedAt - startedAt);
}

async function ask<T>(server: BenchServer, path: string, body: unknown): Promise<T> {
  const isForm = body instanceof FormData;
  const answer = await fetch(`${server.url}/v2${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, ...(!isForm && { 'content-type': 'application/json' }) },
    body: isForm ? body : JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T; // of our own contract
}

async function deploy(server: BenchServer): Promise<void> {
  const jobs = model('jobs').start().serviceTask('Work', { type: 'bench-http' }).end().path('start', 'Work', 'end');
  for (const [name, xml] of [
    ['reference.bpmn', referenceXml],
    ['jobs.bpmn', jobs.toXml()],
  ] as const) {
    const form = new FormData();
    form.append('resources', new File([xml], name));
    await ask(server, '/deployments', form);
  }
}

const start = (server: BenchServer, processDefinitionId: string): Promise<Rate> =>
  measure(server, PER_ROUND, [
    () => ({ method: 'POST', path: '/v2/process-instances', body: JSON.stringify({ processDefinitionId, variables }) }),
  ]);

async function listFirstTasks(server: BenchServer): Promise<readonly string[]> {
  const found = await ask<{ items: { userTaskKey: string }[] }>(server, '/user-tasks/search', {
    filter: { elementId: 'First', state: 'CREATED', processDefinitionId: PROCESS_ID },
    page: { limit: PER_ROUND },
  });
  return found.items.map(({ userTaskKey }) => userTaskKey);
}

interface Round {
  readonly selectOne: Rate;
  readonly start: Rate;
  readonly completeTask: Rate;
  readonly activateAndComplete: Rate;
}

async function playRound(server: BenchServer, selectOneUrl: string): Promise<Round> {
  const started = await start(server, PROCESS_ID);
  await start(server, 'jobs');
  const tasks = [...(await listFirstTasks(server))];
  const selectOne = await measure({ url: selectOneUrl, token: '' }, PER_ROUND * 4, [
    () => ({ method: 'GET', path: '/select-one' }),
  ]);
  const completeTask = await measure(server, tasks.length, [
    () => ({
      method: 'POST',
      path: `/v2/user-tasks/${tasks.pop() ?? '0'}/completion`,
      body: '{"variables":{"done":true}}',
    }),
  ]);
  const body = JSON.stringify({
    type: 'bench-http',
    worker: 'b',
    timeout: 60_000,
    maxJobsToActivate: 1,
    requestTimeout: -1,
  });
  const activateAndComplete = await measure(server, PER_ROUND, [
    () => ({ method: 'POST', path: '/v2/jobs/activation', body }),
    ({ jobKey }) => ({ method: 'POST', path: `/v2/jobs/${jobKey}/completion`, body: '{"variables":{"pages":3}}' }),
  ]);
  return { selectOne, start: started, completeTask, activateAndComplete };
}

/** Share of one core while so many workers wait. The same time without them is taken off. */
async function measureIdlePolls(server: BenchServer): Promise<{ node: number; postgres: number } | null> {
  const share = async (): Promise<{ node: number; postgres: number } | null> => {
    const before = server.processorSeconds();
    await new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * 1_000));
    const after = server.processorSeconds();
    if (before === null || after === null) return null;
    return {
      node: (after.node - before.node) / POLL_SECONDS,
      postgres: (after.postgres - before.postgres) / POLL_SECONDS,
    };
  };
  const alone = await share();
  const agent = new Agent({ keepAlive: true, maxSockets: POLLS });
  const body = JSON.stringify({
    type: 'nothing-of-this',
    timeout: 60_000,
    maxJobsToActivate: 1,
    requestTimeout: 120_000,
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${server.token}` };
  const polls = Array.from({ length: POLLS }, () => {
    const poll = request(`${server.url}/v2/jobs/activation`, { method: 'POST', agent, headers });
    poll.on('error', () => undefined); // we hang up at the end
    poll.end(body);
    return poll;
  });
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  const waiting = await share();
  for (const poll of polls) poll.destroy();
  agent.destroy();
  if (alone === null || waiting === null) return null;
  return { node: waiting.node - alone.node, postgres: waiting.postgres - alone.postgres };
}

function report(rounds: readonly Round[]): boolean {
  const names = ['selectOne', 'start', 'completeTask', 'activateAndComplete'] as const;
  console.log('                         per second     p50 ms     p99 ms   ÷ SELECT 1: rate     p50     p99');
  for (const name of names) {
    const of = (figure: keyof Rate): string => median(rounds.map((round) => round[name][figure])).toFixed(1);
    const ratio = (figure: keyof Rate): string =>
      median(rounds.map((round) => round[name][figure] / round.selectOne[figure])).toFixed(2);
    const figures = [of('perSecond'), of('p50'), of('p99'), ratio('perSecond'), ratio('p50'), ratio('p99')];
    console.log(`${name.padEnd(22)}${figures.map((text, index) => text.padStart(index === 3 ? 19 : 11)).join('')}`);
  }
  const ratios = rounds.map(({ completeTask, selectOne }) => completeTask.perSecond / selectOne.perSecond);
  const isMet = median(ratios) >= GOALS.completeTask;
  console.log(
    `complete-task ÷ SELECT 1: ${median(ratios).toFixed(2)} (rounds ${ratios.map((ratio) => ratio.toFixed(2)).join(', ')}; goal ≥ ${GOALS.completeTask})${isMet ? '' : '  MISSED'}`,
  );
  return isMet;
}

const dataDir = await mkdtemp(join(tmpdir(), 'tram-bench-'));
await chmod(dataDir, 0o755);
const server = await startBenchServer(dataDir);
const ruler = await startSelectOne(server.databaseUrl);
try {
  await deploy(server);
  // First, while nothing that was done before still keeps the database busy.
  const idle = await measureIdlePolls(server);
  await playRound(server, ruler.url); // warm
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await playRound(server, ruler.url));
  report(rounds);
  const describe = (part: number): string => `${(part * 100).toFixed(1)} %`;
  console.log(
    idle === null
      ? 'Processor time of waiting workers is not measured here: it needs /proc.'
      : `${POLLS} workers that wait: ${describe(idle.node)} of a core in the server, ${describe(idle.postgres)} in PostgreSQL (goal < ${describe(GOALS.idlePolls)})${idle.node + idle.postgres < GOALS.idlePolls ? '' : '  MISSED'}`,
  );
} finally {
  await ruler.stop();
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
}
