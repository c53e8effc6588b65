// Independent programs agree that what we write is well-formed XML with a sound ZIP inside.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { createEdxmlCodec } from '../../../../server/adapters/exchange/edxml/codec.ts';
import { describeWithTool } from '../../../support/tools.ts';
import { documentMessage, statusMessage } from './sample-messages.ts';

const codec = createEdxmlCodec();
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tram-edxml-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fileWith = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

describeWithTool('xmllint', 'edXML seen by xmllint', (xmllint) => {
  it.each([
    ['document', documentMessage()],
    ['status', statusMessage()],
  ])('is a well-formed %s message', (name, message) => {
    const path = fileWith(`${name}.xml`, codec.encode(message));
    expect(execFileSync(xmllint, ['--noout', '--nonet', path], { stdio: 'pipe' }).toString()).toBe('');
  });

  it('has the texts that went in', () => {
    const path = fileWith('texts.xml', codec.encode(documentMessage()));
    const subject = execFileSync(xmllint, ['--xpath', 'string(//*[local-name()="Subject"])', path]).toString();
    expect(subject.trim()).toBe(documentMessage().subject);
  });
});

describeWithTool('unzip', 'edXML attachments seen by unzip', (unzip) => {
  it('are sound ZIP archives', () => {
    const xml = Buffer.from(codec.encode(documentMessage())).toString('utf8');
    const contents = [...xml.matchAll(/ContentTransferEncoded [^>]*>([^<]+)</g)].map((found) => found[1] ?? '');
    expect(contents).toHaveLength(2);
    for (const [index, content] of contents.entries()) {
      const path = fileWith(`${index}.zip`, Buffer.from(content, 'base64'));
      expect(execFileSync(unzip, ['-t', path]).toString()).toContain('No errors detected');
    }
  });
});
