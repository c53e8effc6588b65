// All domain rules, in the order in which their findings are shown. Adding one: a file, a row here and a broken flow in
// test/authoring/authoring.unit.test.ts (a test fails for a rule that no broken flow shows); docs/lint.md is generated.

import { calendarKnown } from './calendar-known.ts';
import { calledProcessKnown } from './called-process-known.ts';
import { deadlineSet } from './deadline-set.ts';
import { defaultBranch } from './default-branch.ts';
import { endNamed } from './end-named.ts';
import { endsDecided } from './ends-decided.ts';
import { formKnown } from './form-known.ts';
import { jobTypeKnown } from './job-type-known.ts';
import { loopHasExit } from './loop-has-exit.ts';
import { maxApprovals } from './max-approvals.ts';
import { messageKnown } from './message-known.ts';
import { noSelfApprove } from './no-self-approve.ts';
import { receiveHasTimer } from './receive-has-timer.ts';
import { reviewIsHeeded } from './review-is-heeded.ts';
import { roleResolvable } from './role-resolvable.ts';
import type { Rule } from './rule.ts';
import { numberBeforeSend, sealAfterNumber, signBeforeNumber } from './signing-order.ts';
import { stepNamed } from './step-named.ts';
import { textVerbFirst } from './text-verb-first.ts';
import { typeExists } from './type-exists.ts';
import { urgencyKnown } from './urgency-known.ts';
import { verifyBeforeSend } from './verify-before-send.ts';

export const RULES: readonly Rule[] = [
  signBeforeNumber,
  sealAfterNumber,
  numberBeforeSend,
  endsDecided,
  verifyBeforeSend,
  roleResolvable,
  noSelfApprove,
  reviewIsHeeded,
  defaultBranch,
  loopHasExit,
  receiveHasTimer,
  deadlineSet,
  jobTypeKnown,
  formKnown,
  calledProcessKnown,
  calendarKnown,
  messageKnown,
  typeExists,
  urgencyKnown,
  endNamed,
  stepNamed,
  textVerbFirst,
  maxApprovals,
];
