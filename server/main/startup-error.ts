// Why a start was refused: one line in Vietnamese and English that says what to do, and an exit code that scripts can
// tell apart. Only for faults of the environment that an operator can repair; a bug keeps its stack.

import { AppError } from '../shared/app-error.ts';

export type StartupErrorCode =
  | 'FLAG_UNKNOWN'
  | 'FLAG_INVALID'
  | 'CLOCK_INVALID'
  | 'TEST_MODE_REFUSED'
  | 'PORT_IN_USE'
  | 'PORT_FORBIDDEN'
  | 'DATA_DIR_NOT_WRITABLE'
  | 'DATA_DIR_IN_USE'
  | 'SCHEMA_NEWER_THAN_CODE'
  | 'SCHEMA_OLDER_THAN_CODE'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_EMBEDDED_FAILED'
  | 'REDIS_UNREACHABLE';

interface Text {
  /** 2: the command line is wrong; 3 and above: the environment. */
  readonly exitCode: number;
  readonly vietnamese: string;
  readonly english: string;
}

/** `{subject}` is the flag, path, port or URL that the fault is about. */
const TEXTS: Readonly<Record<StartupErrorCode, Text>> = {
  FLAG_UNKNOWN: {
    exitCode: 2,
    vietnamese: 'Không có tùy chọn {subject}; xem npm start -- --help',
    english: 'there is no option {subject}; see npm start -- --help',
  },
  FLAG_INVALID: {
    exitCode: 2,
    vietnamese: 'Giá trị của {subject} không hợp lệ; xem npm start -- --help',
    english: 'the value of {subject} is not valid; see npm start -- --help',
  },
  CLOCK_INVALID: {
    exitCode: 2,
    vietnamese: 'Thời điểm {subject} không đọc được; hãy viết như 2019-05-06T08:00:00+07:00',
    english: 'cannot read the time {subject}; write it like 2019-05-06T08:00:00+07:00',
  },
  TEST_MODE_REFUSED: {
    exitCode: 2,
    vietnamese: 'Chế độ kiểm thử bị từ chối khi NODE_ENV=production; hãy bỏ --test-mode',
    english: 'test mode is refused while NODE_ENV=production; remove --test-mode',
  },
  PORT_IN_USE: {
    exitCode: 3,
    vietnamese: 'Cổng {subject} đang được dùng; hãy chọn cổng khác bằng --port',
    english: 'port {subject} is taken; choose another one with --port',
  },
  PORT_FORBIDDEN: {
    exitCode: 3,
    vietnamese: 'Không được phép mở {subject}; hãy chọn --port từ 1024 trở lên và --host của máy này',
    english: 'not allowed to open {subject}; choose --port 1024 or above and a --host of this machine',
  },
  DATA_DIR_NOT_WRITABLE: {
    exitCode: 4,
    vietnamese: 'Không ghi được vào thư mục {subject}; hãy cấp quyền ghi hoặc chọn thư mục khác bằng --data-dir',
    english: 'cannot write to the directory {subject}; give write permission or choose another one with --data-dir',
  },
  DATA_DIR_IN_USE: {
    exitCode: 5,
    vietnamese:
      'Một tiến trình khác đang dùng thư mục {subject}; hãy dừng tiến trình đó hoặc chọn thư mục khác bằng --data-dir',
    english: 'another process is using the directory {subject}; stop it or choose another one with --data-dir',
  },
  SCHEMA_NEWER_THAN_CODE: {
    exitCode: 6,
    vietnamese: 'Cơ sở dữ liệu đã được phiên bản mới hơn nâng cấp; hãy chạy phiên bản mới của chương trình',
    english: 'the database was migrated by a newer version; run the newer version of this program',
  },
  SCHEMA_OLDER_THAN_CODE: {
    exitCode: 6,
    vietnamese: 'Cơ sở dữ liệu chưa được nâng cấp; hãy chạy npm run migrate trước',
    english: 'the database is not migrated yet; run npm run migrate first',
  },
  DATABASE_UNREACHABLE: {
    exitCode: 7,
    vietnamese: 'Không kết nối được cơ sở dữ liệu {subject}; hãy kiểm tra DATABASE_URL và máy chủ PostgreSQL',
    english: 'cannot reach the database {subject}; check DATABASE_URL and the PostgreSQL server',
  },
  DATABASE_EMBEDDED_FAILED: {
    exitCode: 7,
    vietnamese: 'PostgreSQL kèm theo không chạy được, xem {subject}; hoặc đặt DATABASE_URL tới một máy chủ PostgreSQL',
    english: 'the embedded PostgreSQL does not run, see {subject}; or set DATABASE_URL to a PostgreSQL server',
  },
  REDIS_UNREACHABLE: {
    exitCode: 8,
    vietnamese: 'Không kết nối được Redis {subject}; hãy kiểm tra REDIS_URL, hoặc bỏ REDIS_URL để dùng PostgreSQL',
    english: 'cannot reach Redis {subject}; check REDIS_URL, or remove it to use PostgreSQL',
  },
};

export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly code: StartupErrorCode;
  readonly exitCode: number;

  constructor(code: StartupErrorCode, subject = '', cause?: unknown) {
    const text = TEXTS[code];
    const fill = (template: string): string => template.replaceAll('{subject}', subject);
    super(`${fill(text.vietnamese)}. / ${code}: ${fill(text.english)}.`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = text.exitCode;
  }
}

/** Host and database of a connection URL, without user and password. */
export function describeUrl(url: string): string {
  if (!URL.canParse(url)) return '(unreadable)';
  const { host, pathname } = new URL(url);
  return `${host}${pathname === '/' ? '' : pathname}`;
}

/** The refusal to listen; anything else is returned as it came. */
export function toListenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return new StartupError('PORT_IN_USE', String(port), error);
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new StartupError('PORT_FORBIDDEN', `${host}:${port}`, error);
  }
  return error;
}

/** Faults of the embedded database in the operator's words; anything else is returned as it came. */
export function toEmbeddedError(error: unknown, dataDir: string, logFile: string): unknown {
  const errno = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes(errno)) {
    return new StartupError('DATA_DIR_NOT_WRITABLE', dataDir, error);
  }
  if (!(error instanceof AppError)) return error;
  switch (error.code) {
    case 'DATA_DIR_IN_USE':
    case 'DATA_DIR_NOT_WRITABLE':
      return new StartupError(error.code, dataDir, error);
    case 'EMBEDDED_POSTGRES_MISSING':
    case 'EMBEDDED_POSTGRES_FAILED':
      return new StartupError('DATABASE_EMBEDDED_FAILED', logFile, error);
    default:
      return error;
  }
}
