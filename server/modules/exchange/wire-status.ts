// The only place that knows the numeric status codes of the exchange (domain reference 4.9). Existing systems label
// some codes differently; here each has one name. Statuses arrive late, twice and out of order, so the state of a
// delivery is the highest-ranking report of all that have come, whatever their order.

export const DELIVERY_STATUSES = [
  'queued',
  'sent',
  'arrived',
  'accepted',
  'assigned',
  'in_progress',
  'refused',
  'completed',
] as const;
/** State of one delivery as the sender sees it, in ascending rank. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export type WireStatusCode = '01' | '02' | '03' | '04' | '05' | '06' | '13' | '15' | '16';

interface WireStatus {
  /** Vietnamese, as shown to people. */
  readonly title: string;
  /** The delivery status that the report stands for; null for requests about taking back, which move nothing here. */
  readonly status: DeliveryStatus | null;
}

const WIRE: Readonly<Record<WireStatusCode, WireStatus>> = {
  '01': { title: 'Đã đến', status: 'arrived' },
  '02': { title: 'Từ chối tiếp nhận', status: 'refused' },
  '03': { title: 'Đã tiếp nhận', status: 'accepted' },
  '04': { title: 'Phân công xử lý', status: 'assigned' },
  '05': { title: 'Đang xử lý', status: 'in_progress' },
  '06': { title: 'Hoàn thành', status: 'completed' },
  '13': { title: 'Lấy lại', status: null },
  '15': { title: 'Đồng ý yêu cầu lấy lại', status: null },
  '16': { title: 'Từ chối yêu cầu lấy lại', status: null },
};

const DELIVERY_TITLES: Readonly<Record<DeliveryStatus, string>> = {
  queued: 'Chờ gửi',
  sent: 'Đã gửi',
  arrived: WIRE['01'].title,
  refused: WIRE['02'].title,
  accepted: WIRE['03'].title,
  assigned: WIRE['04'].title,
  in_progress: WIRE['05'].title,
  completed: WIRE['06'].title,
};

/** One known implementation writes 14 where it means agreement. */
const ALIASES: ReadonlyMap<string, WireStatusCode> = new Map([['14', '15']]);

const isWireCode = (text: string): text is WireStatusCode => Object.hasOwn(WIRE, text);

/** Null for codes whose meaning is not known (07–12, 14 excepted). */
export function readWireCode(text: string): WireStatusCode | null {
  const code = text.trim().padStart(2, '0');
  const known = ALIASES.get(code) ?? code;
  return isWireCode(known) ? known : null;
}

const isDeliveryStatus = (text: string): text is DeliveryStatus => Object.hasOwn(DELIVERY_TITLES, text);

/** Vietnamese name of a wire code (`03`) or a delivery status (`accepted`); the text itself when it is neither. */
export function statusName(text: string): string {
  if (isDeliveryStatus(text)) return DELIVERY_TITLES[text];
  const code = readWireCode(text);
  return code === null ? text : WIRE[code].title;
}

/** The delivery status that a report stands for; null for 13, 15, 16. */
export const deliveryStatusOf = (code: WireStatusCode): DeliveryStatus | null => WIRE[code].status;

/** The code by which a recipient reports this status. */
export function wireCodeOf(status: Exclude<DeliveryStatus, 'queued' | 'sent'>): WireStatusCode {
  const codes: Readonly<Record<typeof status, WireStatusCode>> = {
    arrived: '01',
    refused: '02',
    accepted: '03',
    assigned: '04',
    in_progress: '05',
    completed: '06',
  };
  return codes[status];
}

/**
 * Rank = place in DELIVERY_STATUSES. Refused outranks acceptance and handling: a recipient that reports both needs a
 * person's eye, and 02 must never be hidden by a late 03. Completed outranks all.
 */
export const rankOf = (status: DeliveryStatus): number => DELIVERY_STATUSES.indexOf(status);

/** The state after one more report: the higher of the two, so that the order of arrival does not matter. */
export const mergeStatus = (current: DeliveryStatus, reported: DeliveryStatus | null): DeliveryStatus =>
  reported !== null && rankOf(reported) > rankOf(current) ? reported : current;
