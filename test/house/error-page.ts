// Writes docs/errors.md from the codes in the server and their English texts. The page is never edited by hand.

import type { ErrorKind } from '../../server/shared/app-error.ts';
import type { FoundCode } from './error-codes.ts';

type Texts = Readonly<Record<string, { readonly message: string; readonly action: string }>>;

const INTRODUCTION = `# Errors

<!-- Made by test/house/errors.unit.test.ts from the code and from server/api/error-texts/en.json. Do not edit;
     run \`npx vitest run test/house/errors.unit.test.ts -u\` after a change. -->

Every refusal has a stable code. Programs act on the **code**; people read the text that the server sends in Vietnamese, or
in English when \`Accept-Language\` begins with \`en\`. An answer looks like this:

\`\`\`json
{
  "code": "TASK_NOT_OPEN",
  "message": "Công việc này đã hoàn thành hoặc đã bị hủy.",
  "action": "Tải lại danh sách công việc để xem bước tiếp theo.",
  "details": { "taskKey": "4503599627370497" },
  "reference": null
}
\`\`\`

\`details\` holds ids and names of fields, never personal data. \`reference\` is set on 5xx answers only and stands in the
server's log beside the cause. A refused command has changed nothing: everything that it had written was rolled back.

## Kinds

`;

const KINDS: readonly (readonly [kind: ErrorKind, meaning: string, retry: string, actor: string])[] = [
  ['invalid-input', 'the request does not match the contract', 'no', 'the client'],
  ['unauthenticated', 'there is no session', 'after a login', 'the user'],
  ['forbidden', 'this actor may not do it', 'no', 'the user; audited'],
  ['not-found', 'there is no such thing for this actor', 'no', 'the user'],
  ['rejection', 'not permitted in the present state', 'after a reload', 'the user'],
  ['too-large', 'more bytes than accepted', 'no', 'the user'],
  ['rule', 'well-formed, but against a rule of the domain', 'no', 'the user'],
  ['rate-limited', 'too many requests from one address', 'after a minute', 'the user'],
  ['transient', 'deadlock, lost connection, the other side is busy', 'yes, soon', 'nobody yet'],
  ['bug', 'an invariant is broken; answered as `INTERNAL_ERROR`', 'no', 'the developers'],
];

const SECTIONS: readonly (readonly [title: string, prefixes: RegExp])[] = [
  ['Requests and sessions', /^(REQUEST|LOGIN|FORBIDDEN|ROLE|NOT_FOUND|RATE|IDEMPOTENCY|INTERNAL|SERVICE)/],
  ['Agencies, users and the pilot', /^(AGENCY|USER|OFFICE|PILOT|CLOCK)/],
  ['Tasks and processes', /^(TASK|INSTANCE|JOB|PROCESS|DEFINITION|FLOW|TIMER|INCIDENT|MESSAGE)/],
  ['Documents', /^DOCUMENT/],
  ['Files', /^(FILE|PDF|CONTENT|LETTER)/],
  ['Registers', /^REGISTER/],
  ['Signing', /^SIGN/],
  ['Exchange', /^(EXCHANGE|PACKAGE)/],
  ['Archive', /^(ARCHIVE|CASE)/],
  ['Installation, database and carriers', /./],
];

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  row(head) + row(head.map(() => '---')) + rows.map(row).join('');

const sectionOf = (code: string): string => SECTIONS.find(([, prefixes]) => prefixes.test(code))?.[0] ?? '';

export function renderErrorPage(
  found: readonly FoundCode[],
  statuses: Readonly<Record<ErrorKind, number>>,
  texts: Texts,
): string {
  const kinds = [...new Map(found.map(({ code, kind }) => [code, kind] as const))].sort(([a], [b]) => (a < b ? -1 : 1));
  const answered = kinds.filter(([code]) => texts[code] !== undefined);
  const logged = kinds.filter(([code]) => texts[code] === undefined).map(([code]) => [`\`${code}\``]);
  const sections = SECTIONS.map(([title]) => {
    const rows = answered
      .filter(([code]) => sectionOf(code) === title)
      .map(([code, kind]) => [`\`${code}\``, kind, String(statuses[kind]), ...textsOf(texts, code)]);
    const head = ['code', 'kind', 'HTTP', 'when', 'what to do'];
    return rows.length === 0 ? '' : `## ${title}\n\n${table(head, rows)}\n`;
  });
  const kindRows = KINDS.map(([kind, meaning, retry, actor]) => [kind, String(statuses[kind]), meaning, retry, actor]);
  return (
    INTRODUCTION +
    `${table(['kind', 'HTTP', 'means', 'try again?', 'who acts'], kindRows)}\n${sections.join('')}` +
    '## Bugs\n\nThese codes stand in logs only, beside the reference that the user was given. Each means that an ' +
    `invariant of the server\nor of its installation is broken.\n\n${table(['code'], logged)}`
  );
}

const textsOf = (texts: Texts, code: string): string[] => {
  const text = texts[code];
  return text === undefined ? [] : [text.message, text.action];
};
