// The checker accepts what the packager builds and names whatever was changed afterwards.

import { describe, expect, it } from 'vitest';

import { checkArchivePackage } from '../../../server/adapters/archive/check.ts';
import { createArchivePackager } from '../../../server/adapters/archive/packager.ts';
import { filesOf, packageInput, PACKAGE_ID, repack, ROOT, sha256 } from './sample-package.ts';

const GOOD = createArchivePackager().build(packageInput());
const PDF_PATH = 'representations/rep1/data/001_Cong-van-so-12-cua-So.pdf';

type Files = Map<string, Uint8Array>;

const problemsOf = (zip: Uint8Array): readonly (readonly [code: string, path: string])[] => {
  const result = checkArchivePackage(zip);
  return result.ok ? [] : result.error.map(({ code, path }) => [code, path]);
};
/** Problems after a change by hand. */
const problemsAfter = (change: (files: Files) => void): ReturnType<typeof problemsOf> => {
  const files = filesOf(GOOD);
  change(files);
  return problemsOf(repack(files));
};
const rewrite = (files: Files, path: string, change: (text: string) => string): void => {
  const before = Buffer.from(files.get(path) ?? []).toString('utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  files.set(path, Buffer.from(after, 'utf8'));
};
/** Makes the manifest agree again, as a forger would. */
const forgeManifest = (files: Files): void => {
  const lines = [...files]
    .filter(([path]) => path !== 'manifest-sha256.txt')
    .map(([path, bytes]) => `${sha256(bytes)}  ${path}\n`);
  files.set('manifest-sha256.txt', Buffer.from(lines.join('')));
};

describe('archive package checker', () => {
  it('summarises a good package', () => {
    const totalBytes = [...filesOf(GOOD).values()].reduce((sum, bytes) => sum + bytes.length, 0);
    expect(checkArchivePackage(GOOD)).toEqual({
      ok: true,
      value: {
        packageId: PACKAGE_ID,
        title: packageInput().caseFile.title,
        documentCount: 2,
        fileCount: 12,
        totalBytes,
      },
    });
  });

  it('accepts a package that another program packed again', () => {
    expect(problemsOf(repack(filesOf(GOOD)))).toEqual([]);
  });

  it('reports a flipped byte in a signed file twice: against the manifest and against METS', () => {
    const problems = problemsAfter((files) => {
      const bytes = Buffer.from(files.get(PDF_PATH) ?? []);
      bytes.writeUInt8(bytes.readUInt8(3) ^ 1, 3);
      files.set(PDF_PATH, bytes);
    });
    expect(problems).toEqual([
      ['ARCHIVE_CHECKSUM_MISMATCH', PDF_PATH],
      ['ARCHIVE_CHECKSUM_MISMATCH', PDF_PATH],
    ]);
  });

  it('reports a changed file although the manifest was made to agree', () => {
    const problems = problemsAfter((files) => {
      files.set(PDF_PATH, Buffer.from('%PDF-1.7 another'));
      forgeManifest(files);
    });
    expect(problems).toEqual([['ARCHIVE_CHECKSUM_MISMATCH', PDF_PATH]]);
  });

  it.each([...filesOf(GOOD).keys()])('reports that %s is missing', (path) => {
    const problems = problemsAfter((files) => files.delete(path));
    expect(problems).toContainEqual(['ARCHIVE_FILE_MISSING', path]);
  });

  it.each([...filesOf(GOOD).keys()])('reports one more byte at the end of %s', (path) => {
    const problems = problemsAfter((files) => {
      files.set(path, Buffer.concat([files.get(path) ?? Buffer.alloc(0), Buffer.from('x')]));
    });
    expect(problems.map(([, where]) => where)).toContain(path);
  });

  it('reports a file that nobody lists', () => {
    const problems = problemsAfter((files) => {
      files.set('representations/rep1/data/extra.exe', Buffer.from('MZ'));
    });
    expect(problems).toEqual([
      ['ARCHIVE_FILE_UNLISTED', 'representations/rep1/data/extra.exe'],
      ['ARCHIVE_FILE_UNLISTED', 'representations/rep1/data/extra.exe'],
    ]);
  });

  it('reports a file that only a forged manifest lists', () => {
    const problems = problemsAfter((files) => {
      files.set('documentation/extra.txt', Buffer.from('x'));
      forgeManifest(files);
    });
    expect(problems).toEqual([['ARCHIVE_FILE_UNLISTED', 'documentation/extra.txt']]);
  });

  it('reports a manifest with a line that is no checksum', () => {
    const problems = problemsAfter((files) => {
      rewrite(files, 'manifest-sha256.txt', (text) => `${text}hello\n`);
    });
    expect(problems).toEqual([['ARCHIVE_MANIFEST_INVALID', 'manifest-sha256.txt']]);
  });

  it.each<[string, (text: string) => string]>([
    ['no header', (text) => text.replace(/<metsHdr[\s\S]*<\/metsHdr>/, '')],
    ['no creation date', (text) => text.replace(/CREATEDATE="[^"]*" /, '')],
    ['another package type', (text) => text.replace('"AIP"', '"SIP"')],
    ['no package type', (text) => text.replace(/csip:OAISPACKAGETYPE="AIP"/, '')],
    ['another profile', (text) => text.replace('E-ARK-CSIP.xml', 'other.xml')],
    ['no content category', (text) => text.replace(/ TYPE="Textual[^"]*"/, '')],
    ['no structure map', (text) => text.replace(/<structMap[\s\S]*<\/structMap>/, '')],
    ['a pointer to nothing', (text) => text.replace('FILEID="fileGrp-documentation"', 'FILEID="nothing"')],
    [
      'an id that occurs twice',
      (text) => text.replace('ID="digiprov-2"', 'ID="digiprov-1"').replace('digiprov-2 ', ''),
    ],
    ['another root element', (text) => text.replaceAll(/(<\/?)mets\b/g, '$1other')],
  ])('reports METS with %s', (_, change) => {
    const problems = problemsAfter((files) => {
      rewrite(files, 'METS.xml', change);
      forgeManifest(files);
    });
    expect(problems).toContainEqual(['ARCHIVE_METS_INVALID', 'METS.xml']);
  });

  it('reports METS that is not well-formed', () => {
    const problems = problemsAfter((files) => {
      rewrite(files, 'METS.xml', (text) => text.replace('</mets>', ''));
    });
    expect(problems).toContainEqual(['ARCHIVE_XML_INVALID', 'METS.xml']);
  });

  it('reports METS that holds a document type declaration', () => {
    const problems = problemsAfter((files) => {
      rewrite(files, 'METS.xml', (text) => text.replace('<mets ', '<!DOCTYPE mets SYSTEM "file:///etc/passwd"><mets '));
    });
    expect(problems).toContainEqual(['ARCHIVE_XML_INVALID', 'METS.xml']);
  });

  it('reports a size in METS that is not that of the file', () => {
    const problems = problemsAfter((files) => {
      rewrite(files, 'METS.xml', (text) => text.replace(/(events\.jsonl"[^>]* SIZE=")\d+/, '$19'));
      forgeManifest(files);
    });
    expect(problems).toEqual([['ARCHIVE_CHECKSUM_MISMATCH', 'metadata/other/audit/events.jsonl']]);
  });

  it('reports a root folder that is not called after the package', () => {
    expect(problemsOf(repack(filesOf(GOOD), 'other'))).toEqual([['ARCHIVE_STRUCTURE', 'METS.xml']]);
  });

  it('reports files outside the root folder', () => {
    const outside = new Map([...filesOf(GOOD), ['../other/a.txt', Buffer.from('x')]]);
    expect(problemsOf(repack(outside))).toEqual([['ARCHIVE_UNREADABLE', '']]);
    expect(problemsOf(repack(filesOf(GOOD), `${ROOT}-a`).subarray(0, 100))).toEqual([['ARCHIVE_UNREADABLE', '']]);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['a text', Buffer.from('không phải gói')],
    ['a package that is cut off', GOOD.subarray(0, GOOD.length - 10)],
    [
      'a package with a damaged directory',
      Buffer.concat([GOOD.subarray(0, GOOD.length - 60), Buffer.alloc(20), GOOD.subarray(GOOD.length - 40)]),
    ],
  ])('refuses %s', (_, bytes) => {
    expect(problemsOf(bytes)).toEqual([['ARCHIVE_UNREADABLE', '']]);
  });
});
