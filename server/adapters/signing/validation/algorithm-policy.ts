// How much an algorithm is worth at a date: data, not code. A signature counts as made at its proven time; without proof it
// may have been made today. Sources: NIST SP 800-131A, SOG-IS Agreed Mechanisms, TT 15/2025/TT-BKHCN annex I.

export type AlgorithmGrade = 'strong' | 'weak' | 'refused';

interface PolicyRow {
  readonly algorithm: string;
  /** From this day on: valid with reservations. */
  readonly weakFrom: string;
  /** From this day on: refused; null while it can still be told apart from a forgery. */
  readonly refusedFrom: string | null;
  readonly why: string;
}

export const ALGORITHM_POLICY: readonly PolicyRow[] = [
  {
    algorithm: 'MD5',
    weakFrom: '1996-01-01',
    refusedFrom: '2005-03-01',
    why: 'two certificates with one digest were shown in 2005',
  },
  { algorithm: 'RIPEMD-160', weakFrom: '2014-01-01', refusedFrom: null, why: '80 bits of collision resistance' },
  {
    algorithm: 'SHA-1',
    weakFrom: '2011-01-01',
    refusedFrom: null,
    why: 'collisions since 2017, chosen prefixes since 2020',
  },
  {
    algorithm: 'RSA<1024',
    weakFrom: '1999-01-01',
    refusedFrom: '2010-01-01',
    why: 'factored in public: 768 bits in 2009',
  },
  { algorithm: 'RSA<2048', weakFrom: '2014-01-01', refusedFrom: null, why: '80 bits of security' },
  { algorithm: 'EC<224', weakFrom: '2014-01-01', refusedFrom: null, why: 'less than 112 bits of security' },
  { algorithm: 'DSA', weakFrom: '2023-02-03', refusedFrom: null, why: 'withdrawn by FIPS 186-5' },
];

const GRADES: readonly AlgorithmGrade[] = ['strong', 'weak', 'refused'];

/** The worst grade of the given algorithms at a proven time, or now. */
export function gradeOf(algorithms: readonly string[], at: Date): AlgorithmGrade {
  const day = at.toISOString().slice(0, 10);
  const grades = ALGORITHM_POLICY.filter((row) => algorithms.includes(row.algorithm)).map((row) => {
    if (row.refusedFrom !== null && day >= row.refusedFrom) return 'refused';
    return day >= row.weakFrom ? 'weak' : 'strong';
  });
  return GRADES[Math.max(0, ...grades.map((grade) => GRADES.indexOf(grade)))] ?? 'strong';
}

/** The policy's name for a key that is too short; empty for one that is not. */
export function shortKeyNames(key: { readonly type: string; readonly bits: number }): readonly string[] {
  if (key.type.startsWith('rsa')) return key.bits < 1024 ? ['RSA<1024'] : key.bits < 2048 ? ['RSA<2048'] : [];
  if (key.type === 'ec') return key.bits > 0 && key.bits < 224 ? ['EC<224'] : [];
  return key.type === 'dsa' ? ['DSA'] : [];
}
