// The main job, step by step, as the people of three agencies do it: draft, return and revise, approve, sign, number,
// seal, dispatch to two agencies, receive, register, assign, handle, archive. Each step says what it expects and fails
// when the outcome differs. The same journey runs in the tests while servers are killed under it.

import type {
  CaseFileView,
  CompleteAnswer,
  DeliveryView,
  DocumentSummary,
  DocumentView,
  SessionView,
  SignatureCheckView,
  TaskView,
  TimelineEntry,
} from '../../server/api/contract/index.ts';
import { ApiRefusal, type BaseUrl, pause, Person } from './client.ts';

export interface JourneyOptions {
  readonly baseUrl: BaseUrl;
  /** Makes the idempotency keys of this run unique; 8–40 characters. */
  readonly runId: string;
  readonly password: string;
  readonly pin: string;
  /** Told before each step; a test may kill a server here. */
  readonly onStep: (title: string) => void;
  readonly say: (line: string) => void;
}

export interface JourneyResult {
  readonly sender: Cast;
  readonly document: DocumentView;
  readonly timeline: readonly TimelineEntry[];
  readonly receivers: readonly { readonly cast: Cast; readonly document: DocumentView }[];
}

/** The people of one agency who take part. */
export interface Cast {
  readonly agencyId: string;
  readonly officer: Person;
  readonly leader: Person;
  readonly clerk: Person;
}

export const SENDER = 'ubnd-tinh';
export const RECIPIENTS = ['so-tttt', 'ubnd-thanh-pho-buon-ma-thuot'] as const;

const LETTER = [
  'Thực hiện Quyết định số 28/2018/QĐ-TTg ngày 12 tháng 7 năm 2018 của Thủ tướng Chính phủ về việc gửi, nhận văn bản điện tử giữa các cơ quan trong hệ thống hành chính nhà nước, Ủy ban nhân dân tỉnh tổ chức thí điểm gửi, nhận văn bản điện tử có ký số từ ngày 02/5/2019 đến ngày 15/6/2019.',
  'Đề nghị các cơ quan, đơn vị kiểm tra chứng thư số, phân công văn thư tiếp nhận văn bản điện tử hằng ngày, phản hồi trạng thái xử lý trên hệ thống và không yêu cầu gửi kèm bản giấy đối với các loại văn bản trong danh mục thí điểm.',
  'Quá trình thực hiện, nếu có vướng mắc, các cơ quan, đơn vị phản ánh về Văn phòng Ủy ban nhân dân tỉnh để được hướng dẫn./.',
];

const WAIT_MS = 120_000;
const PROBE_EVERY_MS = 200;

export async function runJourney(options: JourneyOptions): Promise<JourneyResult> {
  const journey = new Journey(options);
  const sender = await journey.meet(SENDER);
  const receivers = [];
  for (const id of RECIPIENTS) receivers.push(await journey.meet(id));

  const draft = await journey.draft(sender);
  await journey.reviseOnce(sender, draft);
  await journey.sign(sender, draft);
  await journey.seal(sender, draft);
  const dispatched = await journey.awaitDispatch(sender, draft);
  const arrivals = [];
  for (const cast of receivers) arrivals.push(await journey.receive(cast, dispatched));
  for (const arrival of arrivals) await journey.handle(arrival.cast, arrival.document);
  return journey.finish(sender, draft, arrivals);
}

class Journey {
  readonly #options: JourneyOptions;

  constructor(options: JourneyOptions) {
    this.#options = options;
  }

  async meet(agencyId: string): Promise<Cast> {
    this.#step(`Đăng nhập / log in: ${agencyId}`);
    const logIn = (role: string): Promise<Person> =>
      Person.logIn(this.#options.baseUrl, `${role}.${agencyId}`, this.#options.password);
    return { agencyId, officer: await logIn('cv'), leader: await logIn('ld'), clerk: await logIn('vt') };
  }

  async draft({ officer, leader }: Cast): Promise<DocumentView> {
    this.#step('Soạn thảo / draft: công văn, 2 nơi nhận');
    const signer = await leader.get<SessionView>('/api/session');
    const draft = await officer.command<DocumentView>(
      'POST',
      '/api/documents',
      {
        documentTypeId: 'official_letter',
        subject: 'V/v thí điểm gửi, nhận văn bản điện tử có ký số',
        urgency: 'normal',
        secrecy: 'none',
        recipientIds: RECIPIENTS,
        signerId: signer.user.id,
        signingCapacity: 'deputy',
        dueOn: null,
      },
      this.#key('draft'),
    );
    expectThat(draft.status === 'draft', `document is a draft, not ${draft.status}`);
    await this.#writeLetter(officer, draft, LETTER.slice(0, 2), 'letter-1');
    this.#say(`dự thảo ${draft.id}`);
    return draft;
  }

  async reviseOnce({ officer, leader }: Cast, draft: DocumentView): Promise<void> {
    this.#step('Trình duyệt, trả lại, sửa, trình lại / review, return, revise');
    await this.#perform(officer, draft.id, 'draft.prepare', {}, 'submit-1');
    const comment = 'Bổ sung đầu mối hướng dẫn khi có vướng mắc';
    await this.#perform(leader, draft.id, 'draft.review', { outcome: 'return', comment }, 'return');
    const returned = await officer.get<DocumentView>(`/api/documents/${draft.id}`);
    expectThat(returned.returnReason === comment, 'the drafter reads the reason of the return');
    await this.#writeLetter(officer, draft, LETTER, 'letter-2');
    await this.#perform(officer, draft.id, 'draft.prepare', {}, 'submit-2');
    await this.#perform(leader, draft.id, 'draft.review', { outcome: 'approve', comment: 'Đồng ý' }, 'approve');
  }

  async sign({ leader, clerk }: Cast, draft: DocumentView): Promise<void> {
    this.#step('Ký số / sign: chứng thư thử nghiệm của lãnh đạo');
    const task = await this.#findTask(leader, draft.id, 'sign.personal');
    if (task !== null) {
      await this.#expectRefusal('SIGNING_PIN_WRONG', () =>
        leader.complete(task, { outcome: 'sign', pin: 'wrong-pin' }, this.#key('sign-wrong')),
      );
    }
    await this.#perform(leader, draft.id, 'sign.personal', { outcome: 'sign', pin: this.#options.pin }, 'sign');
    this.#step('Cấp số / number');
    const numbered = await until('the document has a number', async () => {
      const view = await clerk.get<DocumentView>(`/api/documents/${draft.id}`);
      return view.documentCode === null ? null : view;
    });
    this.#say(`số ${numbered.documentCode ?? ''}, ngày ${numbered.issuedOn ?? ''}`);
  }

  async seal({ clerk }: Cast, draft: DocumentView): Promise<void> {
    this.#step('Đóng dấu / agency signature');
    await this.#perform(clerk, draft.id, 'sign.agency', { pin: this.#options.pin }, 'seal');
    const check = await clerk.get<SignatureCheckView>(`/api/documents/${draft.id}/signatures`);
    expectThat(check.verdict === 'valid', `signatures are valid, not ${check.verdict}`);
    expectThat(check.findings.length === 2, `two signatures, not ${check.findings.length}`);
  }

  async awaitDispatch({ clerk }: Cast, draft: DocumentView): Promise<DocumentView> {
    this.#step('Phát hành / dispatch');
    const view = await until('both packages have arrived', async () => {
      const current = await clerk.get<DocumentView>(`/api/documents/${draft.id}`);
      const arrived = current.deliveries.filter((delivery) => hasStatus(delivery, '01'));
      return arrived.length === RECIPIENTS.length ? current : null;
    });
    for (const delivery of view.deliveries) this.#say(`${delivery.recipientName}: ${delivery.statusName}`);
    return view;
  }

  async receive(cast: Cast, sent: DocumentView): Promise<{ cast: Cast; document: DocumentSummary }> {
    this.#step(`Tiếp nhận, vào sổ / receive and register: ${cast.agencyId}`);
    const document = await until('the incoming document is there', async () => {
      const { items } = await cast.clerk.get<{ items: DocumentSummary[] }>(
        '/api/documents?direction=incoming&limit=500',
      );
      return items.find((item) => item.documentCode === sent.documentCode && item.subject === sent.subject) ?? null;
    });
    await this.#perform(
      cast.clerk,
      document.id,
      'receive.register',
      { outcome: 'accept' },
      `register-${cast.agencyId}`,
    );
    const registered = await cast.clerk.get<DocumentView>(`/api/documents/${document.id}`);
    expectThat(registered.arrivalNumber !== null, 'the incoming document has an arrival number');
    this.#say(`số đến ${registered.arrivalNumber ?? ''}`);
    return { cast, document };
  }

  async handle(cast: Cast, document: DocumentSummary): Promise<void> {
    this.#step(`Phân công, xử lý / assign and handle: ${cast.agencyId}`);
    const handler = await cast.officer.get<SessionView>('/api/session');
    const instruction = 'Giao chủ trì, báo cáo kết quả triển khai';
    await this.#perform(
      cast.leader,
      document.id,
      'receive.assign',
      { leadId: handler.user.id, supportIds: [], instruction, dueOn: null },
      `assign-${cast.agencyId}`,
    );
    const task = await this.#findTask(cast.officer, document.id, 'receive.handle');
    if (task !== null) {
      await cast.officer.command(
        'POST',
        `/api/tasks/${task.key}/claim`,
        undefined,
        this.#key(`claim-${cast.agencyId}`),
      );
    }
    const outcome = 'Đã rà soát chứng thư số và phân công văn thư trực';
    await this.#perform(cast.officer, document.id, 'receive.handle', { outcome }, `handle-${cast.agencyId}`);
  }

  async finish(sender: Cast, draft: DocumentView, arrivals: readonly { cast: Cast; document: DocumentSummary }[]) {
    this.#step('Lưu trữ / archive');
    const archived = (person: Person, id: string) =>
      until(`document ${id} is archived`, async () => {
        const view = await person.get<DocumentView>(`/api/documents/${id}`);
        return view.status === 'archived' && view.deliveries.every((delivery) => delivery.status === 'completed')
          ? view
          : null;
      });
    const document = await archived(sender.clerk, draft.id);
    const receivers = [];
    for (const { cast, document: incoming } of arrivals) {
      receivers.push({ cast, document: await archived(cast.clerk, incoming.id) });
    }
    for (const delivery of document.deliveries) {
      this.#say(`${delivery.recipientName}: ${delivery.history.map((entry) => entry.code).join(' → ')}`);
    }
    const { items: timeline } = await sender.clerk.get<{ items: TimelineEntry[] }>(
      `/api/documents/${draft.id}/timeline`,
    );
    const { items: caseFiles } = await sender.clerk.get<{ items: CaseFileView[] }>('/api/case-files');
    expectThat(
      caseFiles.some((file) => file.documents.some((filed) => filed.id === draft.id)),
      'the document is in a case file',
    );
    return { sender, document, timeline, receivers };
  }

  #step(title: string): void {
    this.#options.onStep(title);
  }

  #say(line: string): void {
    this.#options.say(line);
  }

  #key(step: string): string {
    return `${this.#options.runId}-${step}`;
  }

  #writeLetter(
    officer: Person,
    draft: DocumentView,
    paragraphs: readonly string[],
    step: string,
  ): Promise<DocumentView> {
    const path = `/api/documents/${draft.id}/letter`;
    const recipientsLines = ['Như trên', 'Lưu: VT, KSTTHC'];
    return officer.command<DocumentView>('PUT', path, { paragraphs, recipientsLines }, this.#key(step));
  }

  /** Waits for the task and completes it. */
  async #perform(
    person: Person,
    documentId: string,
    action: TaskView['action'],
    body: unknown,
    step: string,
  ): Promise<CompleteAnswer> {
    const task = await until(`${person.name} has the task ${action}`, () => this.#openTask(person, documentId, action));
    return person.complete(task, body, this.#key(step));
  }

  async #openTask(person: Person, documentId: string, action: TaskView['action']): Promise<TaskView | null> {
    const tasks = await person.tasks();
    return tasks.find((task) => task.action === action && task.document?.id === documentId) ?? null;
  }

  #findTask(person: Person, documentId: string, action: TaskView['action']): Promise<TaskView | null> {
    return until(`${person.name} has the task ${action}`, () => this.#openTask(person, documentId, action));
  }

  async #expectRefusal(code: string, attempt: () => Promise<unknown>): Promise<void> {
    const error = await attempt().then(
      () => null,
      (reason: unknown) => reason,
    );
    const got = error instanceof ApiRefusal ? error.error.code : String(error);
    expectThat(got === code, `refused with ${code}, not ${got}`);
    this.#say(`từ chối đúng / refused as it must be: ${code}`);
  }
}

const hasStatus = (delivery: DeliveryView, code: string): boolean =>
  delivery.history.some((entry) => entry.code === code);

export function expectThat(holds: boolean, statement: string): void {
  if (!holds) throw new Error(`Sai kết quả / outcome differs: expected that ${statement}`);
}

async function until<T>(what: string, probe: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + WAIT_MS;
  for (;;) {
    const value = await probe();
    if (value !== null) return value;
    if (performance.now() > deadline) throw new Error(`Quá lâu / too long: ${what}`);
    await pause(PROBE_EVERY_MS);
  }
}
