// The log: levels, readable lines, and what must never reach it.

import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger, formatLine } from '../../../server/adapters/logging/logger.ts';

function capture(options: { level?: string; isReadable?: boolean } = {}) {
  const destination = new PassThrough();
  const logger = createLogger({ isReadable: false, ...options, destination });
  return { logger, read: (): string => String(destination.read() ?? '') };
}

describe('logger', () => {
  it('writes one JSON line per entry', () => {
    const { logger, read } = capture();
    logger.info({ documentId: 'd1' }, 'Document dispatched');
    expect(JSON.parse(read())).toMatchObject({ level: 30, documentId: 'd1', msg: 'Document dispatched' });
  });

  it('leaves out what lies below its level, and takes an unknown level for info', () => {
    const quiet = capture({ level: 'warn' });
    quiet.logger.info('not this');
    expect(quiet.read()).toBe('');
    const unknown = capture({ level: 'loud' });
    unknown.logger.debug('not this');
    expect(unknown.read()).toBe('');
    unknown.logger.info('this');
    expect(unknown.read()).toContain('this');
  });

  it('hides passwords, tokens and cookies', () => {
    const { logger, read } = capture();
    logger.info({ password: 's3cret', user: { token: 's3cret' }, req: { headers: { cookie: 's3cret' } } }, 'Login');
    const line = read();
    expect(line).not.toContain('s3cret');
    expect(line).toContain('[Redacted]');
  });

  it('writes a readable line with its details, and the stack of an error below', () => {
    const { logger, read } = capture({ isReadable: true });
    logger.warn({ err: new Error('away'), queue: 'tram' }, 'The queue cannot be reached');
    const [head, ...stack] = read().split('\n');
    expect(head).toMatch(/^\d\d:\d\d:\d\d WARN {2}The queue cannot be reached queue=tram$/);
    expect(stack[0]).toBe('    Error: away');
  });

  it('formats an entry without a message', () => {
    expect(formatLine('{"level":50,"time":"2019-05-06T01:00:00.000Z","err":{"message":"away"}}')).toBe(
      '01:00:00 ERROR away\n',
    );
  });
});
