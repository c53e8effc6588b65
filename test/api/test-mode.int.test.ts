// --test-mode: the clock of the installation may be moved from outside, and nothing else is opened by it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCaller, createInstallation, type Installation } from '../support/installation.ts';

describe('test mode', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation({ isTestMode: true });
  });
  afterAll(() => installation.close());

  const nobody = () => createCaller(installation.app, '');

  it('lets anybody pin the business time', async () => {
    const target = Date.parse('2019-06-15T16:59:59.000Z');
    expect((await nobody().send('PUT', '/v2/clock', { timestamp: target })).status).toBe(204);
    const { body } = await nobody().get('/api/health');
    expect(body['now']).toBe('2019-06-15T16:59:59.000Z');
  });

  it('refuses a time that is no number, and an unknown property', async () => {
    expect(await nobody().send('PUT', '/v2/clock', { timestamp: 'noon' })).toMatchObject({ status: 400 });
    expect(await nobody().send('PUT', '/v2/clock', { timestamp: 1, zone: 'UTC' })).toMatchObject({ status: 400 });
  });

  it('shows the pilot as ended on the day after its last one', async () => {
    const person = await installation.logIn('cv.so-y-te');
    expect((await person.get('/api/session')).body['pilot']).toMatchObject({ isOpen: true, dayNumber: 45 });
    await nobody().send('PUT', '/v2/clock', { timestamp: Date.parse('2019-06-15T17:00:00.000Z') });
    expect((await person.get('/api/session')).body['pilot']).toMatchObject({ isOpen: false, dayNumber: null });
  });

  it('opens no other door', async () => {
    expect(await nobody().get('/api/documents')).toMatchObject({ status: 401 });
  });
});
