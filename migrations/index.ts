// The ordered list of all migrations. A static list instead of a directory scan: a file that was renamed or forgotten
// in a build is a compile error here, and compiled and TypeScript runs agree on the names. Add a line at the end;
// never change or remove one.

import { platform } from './0001_platform.ts';
import { runtime } from './0002_runtime.ts';
import { auditAgencies } from './0003_audit_agencies.ts';
import { pilot } from './0004_pilot.ts';
import { documents } from './0005_documents.ts';
import { registers } from './0006_registers.ts';
import { signing } from './0007_signing.ts';
import { exchange } from './0008_exchange.ts';
import { archive } from './0009_archive.ts';
import { engineEvents } from './0010_engine_events.ts';
import { eventOrder } from './0011_event_order.ts';
import { stepStorage } from './0012_step_storage.ts';
import { api } from './0013_api.ts';
import { notices } from './0014_notices.ts';
import { history } from './0015_history.ts';
import { decisions } from './0016_decisions.ts';
import { validation } from './0017_validation.ts';
import { historyAudit } from './0018_history_audit.ts';
import { signingSessions } from './0019_signing_sessions.ts';
import { signatureUpgrades } from './0020_signature_upgrades.ts';
import { stepHistory } from './0021_step_history.ts';
import { openTaskIndexes } from './0022_open_task_indexes.ts';
import { stateText } from './0023_state_text.ts';
import { workLimits } from './0024_work_limits.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [
  platform,
  runtime,
  auditAgencies,
  pilot,
  documents,
  registers,
  signing,
  exchange,
  archive,
  engineEvents,
  eventOrder,
  stepStorage,
  api,
  notices,
  history,
  decisions,
  validation,
  historyAudit,
  signingSessions,
  signatureUpgrades,
  stepHistory,
  openTaskIndexes,
  stateText,
  workLimits,
];
