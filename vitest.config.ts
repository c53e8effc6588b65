import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Globals for every suite: one embedded PostgreSQL per run (test/support/global-setup.ts), a template database
// cloned per test file. Suites are split by suffix: unit (no I/O), int (database, tools), e2e (server, browser).
export default defineConfig({
  // Component tests of the web app import .vue files.
  plugins: [vue()],
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
