// The two tables that the validator is measured by, written anew from what really happens: no forged file is accepted, no
// sound one is refused. The verdict is that of integrity and changes alone, as `tram verify --ignore-trust` gives it.

import { describe, expect, it } from 'vitest';
import { REASONS } from '../../../server/adapters/signing/validation/reasons.ts';
import type { ValidationReport } from '../../../server/adapters/signing/validation/report.ts';
import { CHANGE_TEXTS } from '../../../server/adapters/signing/validation/texts.ts';
import { validateFile } from '../../../server/adapters/signing/validation/validate-file.ts';
import { ATTACKS } from './attacks/index.ts';
import { SOUND_FILES } from './sound-files.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const judge = async (pdf: Uint8Array): Promise<ValidationReport> =>
  (await validateFile(pdf, { mode: 'integrity', trust: [], guard: null, at: null, now: NOW })).report;

const codesOf = (report: ValidationReport): readonly string[] => {
  const all = [...report.reasons, ...report.signatures.flatMap(({ reasons }) => reasons)];
  return [...new Set(all.filter(({ severity }) => severity !== 'info').map(({ code }) => code))];
};
const changesOf = (report: ValidationReport): string => {
  const items = report.signatures.flatMap(({ changes }) => changes?.items ?? []);
  return [...new Set(items.map(({ code }) => CHANGE_TEXTS[code]))].join('; ');
};

const HEAD = (file: string, title: string): string => `# ${title}

<!-- Made by test/adapters/validation/corpus.int.test.ts from what really happened. Do not edit; run
     \`npx vitest run test/adapters/validation/corpus.int.test.ts -u\` after a change of ${file}. -->
`;

describe('forged files', () => {
  it('are never accepted, and the table of them is that of the documentation', async () => {
    const rows: string[] = [];
    const accepted: string[] = [];
    for (const { group, name, make } of ATTACKS) {
      const report = await judge(make());
      if (report.verdict === 'valid') accepted.push(`${group}: ${name}`);
      rows.push(`| ${group} | ${name} | ${report.verdict} | ${codesOf(report).join(', ')} | ${changesOf(report)} |`);
    }
    expect(accepted).toEqual([]);
    const groups = new Set(ATTACKS.map(({ group }) => group)).size;
    const text = `${HEAD('test/adapters/validation/attacks/', 'Forged files')}
Of ${ATTACKS.length} forged files in ${groups} classes, ${accepted.length} are accepted. \`reservations\` is left for what is weak or needs a
look and cannot be told from an honest file by its bytes.

| class | case | verdict | reasons | changes found |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../docs/signing-attacks.md');
  });
});

describe('sound files of all kinds', () => {
  it('are never refused, and the table of them is that of the documentation', async () => {
    const rows: string[] = [];
    const other: string[] = [];
    for (const { group, name, make, verdict } of SOUND_FILES) {
      const report = await judge(make());
      if (report.verdict !== verdict) other.push(`${name}: ${report.verdict}, ${codesOf(report).join(', ')}`);
      rows.push(`| ${group} | ${name} | ${report.verdict} | ${codesOf(report).join(', ')} | ${changesOf(report)} |`);
    }
    expect(other).toEqual([]);
    const refused = SOUND_FILES.filter(({ verdict }) => verdict === 'invalid').length;
    const text = `${HEAD('test/adapters/validation/sound-files.ts', 'Sound files')}
Of ${SOUND_FILES.length} sound files, ${refused} are refused.

| kind | case | verdict | reasons | changes found |
| --- | --- | --- | --- | --- |
${rows.join('\n')}
`;
    await expect(text).toMatchFileSnapshot('../../../docs/signing-sound-files.md');
  });

  it('have a sentence for every reason and every change that a report may give', () => {
    expect(Object.values(REASONS).every(({ vi }) => vi.endsWith('.'))).toBe(true);
    expect(Object.values(CHANGE_TEXTS).every((text) => text.length > 0)).toBe(true);
  });
});
