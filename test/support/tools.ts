// Tests that need a program which npm cannot bring (redis-server, qpdf, …) say so here. Without the program they are
// not run, and the run says which and why at its end; they never pass in silence. In CI a missing program is a failure.

import { accessSync, appendFileSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Where system packages put programs, also when PATH of an ordinary user does not name it. */
const USUAL_DIRS = ['/usr/bin', '/usr/local/bin', '/usr/sbin', '/usr/local/sbin', '/opt/homebrew/bin'];

/** The path of the program, null when it is not installed. */
export function requireTool(name: string): string | null {
  const dirs = [...(process.env['PATH'] ?? '').split(delimiter), ...USUAL_DIRS];
  const fileName = process.platform === 'win32' ? `${name}.exe` : name;
  return dirs.map((dir) => join(dir, fileName)).find(isExecutable) ?? null;
}

/** Like `describe`; `define` gets the program's path. */
export function describeWithTool(tool: string, name: string, define: (path: string) => void): void {
  const path = requireTool(tool);
  if (path !== null) {
    describe(name, () => define(path));
    return;
  }
  const reason = `not run, because ${tool} is missing; get it by npm run test:setup`;
  if (process.env['CI'] === 'true') {
    describe(name, () => {
      it(`needs ${tool}`, () => {
        expect.unreachable(reason);
      });
    });
    return;
  }
  noteNotRun(`${name}: ${reason}`);
  describe.skip(`${name} (${reason})`, () => {
    // A suite without a test is an error in vitest.
    it.skip(reason);
  });
}

/** The test runner names the file and prints it after the results. */
function noteNotRun(line: string): void {
  const file = process.env['TRAM_NOT_RUN_FILE'];
  if (file !== undefined && file !== '') appendFileSync(file, `${line}\n`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
