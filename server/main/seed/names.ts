// Made-up personal names with the full range of Vietnamese diacritics, and Ê Đê names with their apostrophes: letters on
// which sorting, searching, fonts and signatures can break. Combined by arithmetic, not taken from real people.

import assert from 'node:assert';

interface NameParts {
  /** One of each list, in this order. */
  readonly lists: readonly (readonly string[])[];
  /** Shares no factor with the product of the list lengths, so that every number gets a name of its own. */
  readonly step: number;
}

// prettier-ignore
const FAMILY = [
  'Nguyễn', 'Trần', 'Lê', 'Phạm', 'Hoàng', 'Huỳnh', 'Phan', 'Vũ', 'Đặng', 'Bùi', 'Đỗ', 'Hồ', 'Ngô', 'Dương', 'Lý', 'Đinh',
] as const;

// prettier-ignore
const MEN: NameParts = {
  lists: [
    FAMILY,
    ['Văn', 'Hữu', 'Đức', 'Minh', 'Quốc', 'Thanh', 'Xuân', 'Công'],
    [
      'An', 'Bảo', 'Cường', 'Dũng', 'Đạt', 'Hiếu', 'Hòa', 'Hùng', 'Khánh', 'Kiên', 'Lộc', 'Nghĩa', 'Phúc', 'Quyết',
      'Sỹ', 'Thắng', 'Thuận', 'Tuấn', 'Việt', 'Vững',
    ],
  ],
  step: 1_327,
};

// prettier-ignore
const WOMEN: NameParts = {
  lists: [
    FAMILY,
    ['Thị', 'Ngọc', 'Thu', 'Thùy', 'Kim', 'Mỹ', 'Thị Hồng', 'Thị Thanh'],
    [
      'Ánh', 'Bích', 'Châu', 'Diễm', 'Duyên', 'Hạnh', 'Hằng', 'Hiền', 'Huệ', 'Lan', 'Loan', 'Mai', 'Nguyệt', 'Nhung',
      'Phượng', 'Quỳnh', 'Thảo', 'Thủy', 'Tuyết', 'Yến',
    ],
  ],
  step: 1_327,
};

const CLANS = ['Niê', 'Byă', 'Êban', 'Mlô', 'Knul', 'Kbuôr', 'Ktla', 'Adrơng', 'Niê Kdăm'] as const;

// prettier-ignore
const EDE_MEN: NameParts = {
  lists: [
    [
      'Y Bhiông', 'Y Blơm', 'Y Bình', 'Y Đăng', 'Y Đức', 'Y Hoan', 'Y Khoa', 'Y Lâm', 'Y Long', 'Y Mạnh', 'Y Nam',
      'Y Nguyên', 'Y Phước', 'Y Quang', 'Y Suôn', 'Y Thịnh', 'Y Trường', 'Y Wơn',
    ],
    CLANS,
  ],
  step: 37,
};

// prettier-ignore
const EDE_WOMEN: NameParts = {
  lists: [
    [
      "H'Ánh", "H'Bích", "H'Diệu", "H'Đào", "H'Giang", "H'Hương", "H'Lan", "H'Linh", "H'Loan", "H'Mai", "H'Nga",
      "H'Ngọc", "H'Nhung", "H'Quyên", "H'Thảo", "H'Thủy", "H'Xuân", "H'Yến",
    ],
    CLANS,
  ],
  step: 37,
};

/** About one person in nine, as a hint at the people of the province. */
const EDE_EVERY = 9;

/** The name of the person with this number; different numbers have different names, and too high a number none. */
export function sampleNameOf(number: number): string {
  const isEde = number % EDE_EVERY === EDE_EVERY - 1;
  // The number within its group, so that the few names of the small group suffice.
  const ordinal = isEde ? Math.floor(number / EDE_EVERY) : number;
  const isWoman = isScatteredOdd(number);
  const parts = isEde ? (isWoman ? EDE_WOMEN : EDE_MEN) : isWoman ? WOMEN : MEN;
  return compose(parts, ordinal).normalize('NFC');
}

/** Evenly spread without a visible rhythm: no post is held by women or by men only. */
const isScatteredOdd = (number: number): boolean => ((number * 7) % 11) % 2 === 1;

/** Mixed-radix digits of a scattered number choose one entry of each list. */
function compose({ lists, step }: NameParts, ordinal: number): string {
  const size = lists.reduce((product, list) => product * list.length, 1);
  assert(ordinal < size, `Expected fewer than ${size} names of a kind`);
  let rest = (ordinal * step) % size;
  const words = lists.map((list) => {
    const word = list[rest % list.length];
    assert(word !== undefined, 'Expected an entry in every list of names');
    rest = Math.floor(rest / list.length);
    return word;
  });
  return words.join(' ');
}
