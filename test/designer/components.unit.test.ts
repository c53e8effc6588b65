// @vitest-environment jsdom
// Components as a person meets them: what is said, what is sent, where the focus goes.

import { flushPromises } from '@vue/test-utils';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { nextTick } from 'vue';
import { ApiError } from '../../designer/src/api/api-error.ts';
import type { TaskAction } from '../../designer/src/api/contract.ts';
import AssignForm from '../../designer/src/areas/documents/actions/AssignForm.vue';
import DecisionForm from '../../designer/src/areas/documents/actions/DecisionForm.vue';
import PrepareForm from '../../designer/src/areas/documents/actions/PrepareForm.vue';
import RegisterForm from '../../designer/src/areas/documents/actions/RegisterForm.vue';
import SealForm from '../../designer/src/areas/documents/actions/SealForm.vue';
import SignForm from '../../designer/src/areas/documents/actions/SignForm.vue';
import TaskForm from '../../designer/src/areas/documents/actions/TaskForm.vue';
import { paragraphsOf } from '../../designer/src/areas/documents/draft/paragraphs.ts';
import TimelinePanel from '../../designer/src/areas/documents/one/TimelinePanel.vue';
import PilotStrip from '../../designer/src/areas/frame/PilotStrip.vue';
import TaskRow from '../../designer/src/areas/inbox/TaskRow.vue';
import { compareTasks } from '../../designer/src/areas/inbox/useInbox.ts';
import DateField from '../../designer/src/components/DateField.vue';
import ErrorState from '../../designer/src/components/ErrorState.vue';
import ErrorSummary from '../../designer/src/components/ErrorSummary.vue';
import TabPanels from '../../designer/src/components/TabPanels.vue';
import { TASK_INPUT } from '../../server/api/contract/tasks.ts';
import { jsonAnswer, makeDocument, makeTask, makeVersion } from './fixtures.ts';
import { mountApp } from './mount-app.ts';

const unmounts: (() => void)[] = [];
const show = (...args: Parameters<typeof mountApp>) => {
  const wrapper = mountApp(...args);
  unmounts.push(() => wrapper.unmount());
  return wrapper;
};

beforeAll(() => {
  // jsdom has no layout and no ResizeObserver; the text areas of the library only ask for their size.
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      unobserve(): void {}
      disconnect(): void {}
    },
  );
});
afterEach(() => {
  for (const unmount of unmounts.splice(0)) unmount();
  document.body.replaceChildren();
});

const formProps = (changes: Record<string, unknown> = {}) => ({
  task: makeTask(),
  document: makeDocument(),
  isBusy: false,
  blockedReason: '',
  ...changes,
});

describe('error summary', () => {
  it('takes the focus when it appears and leads to the field', async () => {
    const field = document.createElement('input');
    field.id = 'subject';
    document.body.append(field);
    const wrapper = show(ErrorSummary, { props: { problems: [] } });
    await wrapper.setProps({ problems: [{ fieldId: 'subject', text: 'Nhập trích yếu.' }] });
    await nextTick();
    expect(document.activeElement?.getAttribute('role')).toBe('alert');
    await wrapper.get('a').trigger('click');
    expect(document.activeElement).toBe(field);
  });

  it('shows the words of the server and the reference for the operator', () => {
    const error = new ApiError(500, {
      code: 'INTERNAL',
      message: 'Máy chủ gặp lỗi.',
      action: 'Thử lại sau.',
      details: {},
      reference: 'SC-7',
    });
    const text = show(ErrorSummary, { props: { error } }).text();
    expect(text).toContain('Máy chủ gặp lỗi.');
    expect(text).toContain('Thử lại sau.');
    expect(text).toContain('SC-7');
  });
});

describe('state of a panel that failed to load', () => {
  it.each([
    [0, 'Không kết nối được máy chủ', true],
    [403, 'Không có quyền xem', false],
    [404, 'Không tìm thấy', false],
    [503, 'Máy chủ gặp sự cố', true],
  ])('says for status %d: %s', (status, title, canRetry) => {
    const wrapper = show(ErrorState, { props: { error: new ApiError(status, null) } });
    expect(wrapper.text()).toContain(title);
    expect(wrapper.find('button').exists()).toBe(canRetry);
  });
});

describe('tabs', () => {
  it('move with the arrow keys and wrap around', async () => {
    const tabs = [
      { id: 'a', text: 'Một' },
      { id: 'b', text: 'Hai' },
    ];
    const wrapper = show(TabPanels, {
      props: {
        tabs,
        label: 'Thẻ',
        modelValue: 'a',
        'onUpdate:modelValue': (value: string) => wrapper.setProps({ modelValue: value }),
      },
    });
    await wrapper.get('[role=tablist]').trigger('keydown', { key: 'ArrowLeft' });
    expect(wrapper.get('[aria-selected=true]').text()).toBe('Hai');
    await wrapper.get('[role=tablist]').trigger('keydown', { key: 'ArrowRight' });
    expect(wrapper.get('[aria-selected=true]').text()).toBe('Một');
  });
});

describe('field for a day', () => {
  it('gives the day typed as dd/MM/yyyy and says when it is unreadable', async () => {
    const wrapper = show(DateField, { props: { fieldId: 'due', label: 'Hạn', modelValue: null } });
    await wrapper.get('input').setValue('10/5/2019');
    expect(wrapper.emitted('update:modelValue')?.at(-1)).toEqual(['2019-05-10']);
    expect(wrapper.emitted('update:isUnreadable')).toBeUndefined();
    await wrapper.get('input').setValue('31/4/2019');
    expect(wrapper.emitted('update:isUnreadable')?.at(-1)).toEqual([true]);
  });
});

describe('pilot strip', () => {
  const pilot = {
    name: 'Thí điểm',
    startsOn: '2019-05-02',
    endsOn: '2019-06-15',
    isOpen: true,
    dayNumber: 5,
    dayCount: 45,
  };
  const strip = (changes: object, rest = {}) =>
    show(PilotStrip, { props: { pilot: { ...pilot, ...changes }, hasSampleData: true, isTestMode: false, ...rest } });

  it('counts the days and names the end', () => {
    expect(strip({}).text()).toContain('Thí điểm: ngày 5/45, đến 15/06/2019');
  });

  it('marks sample data as without legal value', () => {
    expect(strip({}).text()).toContain('không có giá trị pháp lý');
    expect(strip({}, { hasSampleData: false }).text()).not.toContain('không có giá trị pháp lý');
  });

  it('turns amber in the last seven days', () => {
    expect(strip({ dayNumber: 38 }).classes()).not.toContain('is-amber');
    expect(strip({ dayNumber: 39 }).classes()).toContain('is-amber');
  });

  it('says when the day lies outside the period', () => {
    expect(strip({ isOpen: false, dayNumber: null }).text()).toContain(
      'Ngoài thời gian thí điểm (02/05/2019 – 15/06/2019)',
    );
  });
});

describe('list of tasks', () => {
  const nowMs = Date.parse('2019-05-06T03:00:00.000Z');

  it('says overdue in words, not in colour alone', () => {
    const task = makeTask({ dueAt: '2019-05-06T01:00:00.000Z', isOverdue: true });
    expect(show(TaskRow, { props: { task, nowMs, isDueSoon: false } }).text()).toContain('Quá hạn 2 giờ');
  });

  it('leads to the document with the task chosen, or to the task itself when there is no document', () => {
    const withDocument = show(TaskRow, {
      props: { task: makeTask({ document: makeDocument() }), nowMs, isDueSoon: false },
    });
    const alone = show(TaskRow, { props: { task: makeTask(), nowMs, isDueSoon: false } });
    expect(withDocument.get('a').attributes('href')).toBe(
      '/documents/5f0c8a3e-2a5b-4c7e-9a39-5f9f0d3c1a11?task=2251799813685300',
    );
    expect(alone.get('a').attributes('href')).toBe('/tasks/2251799813685300');
  });

  it('puts overdue before urgent before early before late', () => {
    const urgent = makeTask({ key: '2', document: makeDocument({ urgency: 'most_urgent' }) });
    const overdue = makeTask({ key: '1', isOverdue: true, dueAt: '2019-05-06T01:00:00.000Z' });
    const soon = makeTask({ key: '3', dueAt: '2019-05-07T01:00:00.000Z' });
    const later = makeTask({ key: '4' });
    expect([later, soon, urgent, overdue].sort(compareTasks).map((task) => task.key)).toEqual(['1', '2', '3', '4']);
  });
});

describe('timeline', () => {
  it('shows the last event first, under its day, with the words that people wrote', () => {
    const entries = [
      {
        at: '2019-05-06T01:00:00.000Z',
        action: 'document.drafted',
        title: 'Tạo dự thảo',
        actorName: 'Nguyễn Thị Mẫu',
        details: {},
      },
      {
        at: '2019-05-07T01:30:00.000Z',
        action: 'document.approved',
        title: 'Duyệt dự thảo',
        actorName: 'Trần Văn Mẫu',
        details: { comment: 'Đồng ý' },
      },
    ];
    const wrapper = show(TimelinePanel, { props: { entries, error: null, recipients: [] } });
    expect(wrapper.findAll('h2').map((day) => day.text())).toEqual(['07/05/2019', '06/05/2019']);
    expect(wrapper.text()).toContain('“Đồng ý”');
    expect(wrapper.text()).toContain('08:30');
  });

  it('names the recipient whose status arrived', () => {
    const details = { recipientId: 'so-tttt', description: 'Đã tiếp nhận, số đến 3' };
    const entry = {
      at: '2019-05-06T01:00:00.000Z',
      action: 'package.status',
      title: 'Nơi nhận báo trạng thái',
      actorName: null,
      details,
    };
    const { recipients } = makeDocument();
    const wrapper = show(TimelinePanel, { props: { entries: [entry], error: null, recipients } });
    expect(wrapper.text()).toContain('Sở Thông tin và Truyền thông');
    expect(wrapper.text()).toContain('Đã tiếp nhận, số đến 3');
  });
});

const PLACE = { page: 1, x: 100, y: 100, width: 130, height: 74 };
const signingOptions = (role: 'personal' | 'agency') => ({
  role,
  holderName: 'Trần Văn Mẫu',
  pageCount: 1,
  places: { number: PLACE, date: PLACE, personalSignature: PLACE, agencySignature: PLACE },
  providers: [{ id: 'server-key', kind: 'hash', place: 'server', origin: null }],
});

describe('forms of tasks', () => {
  it('has a form for every action of the contract', () => {
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(200, { items: [] })));
    for (const action of Object.keys(TASK_INPUT) as TaskAction[]) {
      // as: keys of the contract's own table
      const wrapper = show(TaskForm, {
        props: { task: makeTask({ action, name: `Việc ${action}` }), document: makeDocument() },
      });
      expect(wrapper.get('h2').text()).toBe(`Việc ${action}`);
    }
  });

  it('says why a draft without a file cannot be submitted, and submits one that has a file', async () => {
    const blocked = show(PrepareForm, { props: formProps() });
    expect(blocked.get('button').attributes('disabled')).toBeDefined();
    expect(blocked.text()).toContain('chưa có tệp PDF');
    const ready = show(PrepareForm, { props: formProps({ document: makeDocument({ versions: [makeVersion()] }) }) });
    await ready.get('form').trigger('submit');
    expect(ready.emitted('submit')?.[0]?.[0]).toEqual({});
  });

  it('asks for a reason of five characters before a draft is returned', async () => {
    const wrapper = show(DecisionForm, { props: formProps() });
    await wrapper.get('input[value=return]').setValue(true);
    await wrapper.get('textarea').setValue(' sai ');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')).toBeUndefined();
    expect(wrapper.text()).toContain('ít nhất 5 ký tự');
    await wrapper.get('textarea').setValue('Bổ sung căn cứ');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')?.[0]?.[0]).toEqual({ outcome: 'return', comment: 'Bổ sung căn cứ' });
  });

  it('signs with the PIN and says that the certificate is a test', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(200, signingOptions('personal'))));
    const wrapper = show(SignForm, { props: formProps() });
    expect(wrapper.text()).toContain('Chứng thư thử nghiệm');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')).toBeUndefined();
    await wrapper.get('#sign-pin').setValue('123456');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')?.[0]?.[0]).toEqual({ outcome: 'sign', pin: '123456' });
  });

  it('names the recipients before the agency signature sends the document', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(200, signingOptions('agency'))));
    const wrapper = show(SealForm, { props: formProps() });
    expect(wrapper.text()).toContain('Sở Thông tin và Truyền thông');
    await wrapper.get('#seal-pin').setValue('123456');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')?.[0]?.[0]).toEqual({ pin: '123456' });
  });

  it('refuses an arrived document only with a ground and a reason', async () => {
    const wrapper = show(RegisterForm, {
      props: formProps({ document: makeDocument({ direction: 'incoming', status: 'arrived' }) }),
    });
    await wrapper.get('input[value=refuse]').setValue(true);
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')).toBeUndefined();
    await wrapper.get('select').setValue('SAI_NOI_NHAN');
    await wrapper.get('textarea').setValue('Không thuộc thẩm quyền của Sở');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')?.[0]?.[0]).toEqual({
      outcome: 'refuse',
      reasonCode: 'SAI_NOI_NHAN',
      reason: 'Không thuộc thẩm quyền của Sở',
    });
  });

  it('shows what the signatures are worth above the decision of the clerk', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(200, { verdict: 'invalid', findings: [] })));
    const wrapper = show(RegisterForm, {
      props: formProps({
        document: makeDocument({ direction: 'incoming', versions: [makeVersion({ kind: 'received' })] }),
      }),
    });
    await flushPromises();
    expect(wrapper.text()).toContain('Chữ ký số không hợp lệ');
  });

  it('assigns a lead, who can then not be a supporter as well', async () => {
    const people = ['Nguyễn Văn A', 'Trần Thị B'].map((fullName, index) => ({
      id: `00000000-0000-4000-8000-00000000000${index}`,
      fullName,
      position: 'Chuyên viên',
      roles: ['officer'],
    }));
    vi.stubGlobal('fetch', () => Promise.resolve(jsonAnswer(200, { items: people })));
    const wrapper = show(AssignForm, { props: formProps() });
    await flushPromises();
    await wrapper.get('select').setValue(people[0]?.id);
    expect(wrapper.findAll('.support label').map((label) => label.text())).toEqual(['Trần Thị B, Chuyên viên']);
    await wrapper.get('#assign-instruction').setValue('Tham mưu trả lời');
    await wrapper.get('form').trigger('submit');
    expect(wrapper.emitted('submit')?.[0]?.[0]).toEqual({
      leadId: people[0]?.id,
      supportIds: [],
      instruction: 'Tham mưu trả lời',
      dueOn: null,
    });
  });
});

describe('text of a letter', () => {
  it('makes one composed paragraph of each line and drops blanks', () => {
    expect(paragraphsOf('  Một\r\n\r\nHai  \n \n'.normalize('NFD'))).toEqual(['Một', 'Hai']);
  });
});
