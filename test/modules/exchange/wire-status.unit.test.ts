// The wire codes and the merging of reports that come late, twice and out of order.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DELIVERY_STATUSES,
  deliveryStatusOf,
  mergeStatus,
  readWireCode,
  statusName,
  wireCodeOf,
  type DeliveryStatus,
} from '../../../server/modules/exchange/index.ts';

describe('wire codes', () => {
  it.each([
    ['01', 'arrived', 'Đã đến'],
    ['02', 'refused', 'Từ chối tiếp nhận'],
    ['03', 'accepted', 'Đã tiếp nhận'],
    ['04', 'assigned', 'Phân công xử lý'],
    ['05', 'in_progress', 'Đang xử lý'],
    ['06', 'completed', 'Hoàn thành'],
  ] as const)('%s means %s', (code, status, title) => {
    expect(readWireCode(code)).toBe(code);
    expect(deliveryStatusOf(code)).toBe(status);
    expect(wireCodeOf(status)).toBe(code);
    expect(statusName(code)).toBe(title);
    expect(statusName(status)).toBe(title);
  });

  it.each(['13', '15', '16'] as const)('%s is known and moves no delivery', (code) => {
    expect(deliveryStatusOf(code)).toBeNull();
  });

  it('reads sloppy codes and the known slip 14 for 15', () => {
    expect(readWireCode('3')).toBe('03');
    expect(readWireCode(' 06 ')).toBe('06');
    expect(readWireCode('14')).toBe('15');
  });

  it.each(['', '00', '07', '12', '99', 'xx', 'toString'])('%j is no code', (text) => {
    expect(readWireCode(text)).toBeNull();
  });
});

describe('merging of reports', () => {
  const mergeAll = (reports: readonly DeliveryStatus[]): DeliveryStatus => reports.reduce(mergeStatus, 'queued');

  it.each<[readonly DeliveryStatus[], DeliveryStatus]>([
    [['sent', 'arrived', 'accepted'], 'accepted'],
    [['sent', 'accepted', 'arrived'], 'accepted'],
    [['arrived', 'sent'], 'arrived'],
    [['in_progress', 'assigned', 'assigned'], 'in_progress'],
    [['completed', 'in_progress', 'arrived'], 'completed'],
    [['refused', 'accepted'], 'refused'],
    [['accepted', 'refused'], 'refused'],
  ])('%j give %s', (reports, expected) => {
    expect(mergeAll(reports)).toBe(expected);
  });

  it('the state does not depend on the order in which reports arrive', () => {
    const reports = fc.array(fc.constantFrom(...DELIVERY_STATUSES), { maxLength: 8 });
    const withShuffle = reports.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length })),
    );
    fc.assert(fc.property(withShuffle, ([list, shuffled]) => mergeAll(shuffled) === mergeAll(list)));
  });

  it('a request to take back changes nothing', () => {
    expect(mergeStatus('accepted', null)).toBe('accepted');
  });
});
