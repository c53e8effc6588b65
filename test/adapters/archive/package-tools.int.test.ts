// A package can be opened and checked for decades without this software: unzip, sha256sum and xmllint agree with us.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { createArchivePackager } from '../../../server/adapters/archive/packager.ts';
import { describeWithTool } from '../../support/tools.ts';
import { packageInput, ROOT } from './sample-package.ts';

let folder = '';
let zipPath = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-archive-'));
  zipPath = join(folder, 'package.zip');
  writeFileSync(zipPath, createArchivePackager().build(packageInput()));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describeWithTool('unzip', 'archive package seen by unzip', (unzip) => {
  it('is a sound ZIP', () => {
    expect(execFileSync(unzip, ['-t', zipPath]).toString()).toContain('No errors detected');
  });

  describeWithTool('sha256sum', 'and sha256sum', (sha256sum) => {
    it('passes the check that its own read-me describes', () => {
      execFileSync(unzip, ['-q', '-o', zipPath, '-d', folder]);
      const output = execFileSync(sha256sum, ['-c', 'manifest-sha256.txt'], { cwd: join(folder, ROOT) }).toString();
      expect(output.trimEnd().split('\n')).toHaveLength(11);
      expect(
        output
          .trimEnd()
          .split('\n')
          .every((line) => line.endsWith(': OK')),
      ).toBe(true);
    });
  });

  describeWithTool('xmllint', 'and xmllint', (xmllint) => {
    it.each([
      'METS.xml',
      'representations/rep1/METS.xml',
      'metadata/descriptive/EAD.xml',
      'metadata/preservation/PREMIS.xml',
    ])('holds %s as well-formed XML', (path) => {
      execFileSync(unzip, ['-q', '-o', zipPath, '-d', folder]);
      const output = execFileSync(xmllint, ['--noout', '--nonet', join(folder, ROOT, path)], { stdio: 'pipe' });
      expect(output.toString()).toBe('');
    });
  });
});
