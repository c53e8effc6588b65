// The signing service on the signer's own machine (the shape of VGCA Sign Service): the page opens one WebSocket to it for
// each request and sends a JSON text; the service fetches the file, signs it with the token, and uploads the result. This
// adapter only words the request. What comes back is judged by signed-file.ts, never by what the service says about it.

import type { FileProvider, FileTask, SignatureRole } from '../../modules/signing/ports.ts';

/** Operations by role: ký duyệt, phát hành. */
const OPERATIONS: Readonly<Record<SignatureRole, string>> = { personal: 'SignApproved', agency: 'SignIssued' };

/** As Vietnamese office programs write a day: 06/05/2019. */
const dayOf = (issuedOn: string | null): string => (issuedOn === null ? '' : issuedOn.split('-').reverse().join('/'));

/** `origin`: `wss://127.0.0.1:8987` for the service of the government's authority. */
export function createLocalServiceProvider(origin: string): FileProvider {
  return {
    id: 'local-service',
    kind: 'file',
    place: 'client',
    origin,
    describe: (task: FileTask) => ({
      url: `${origin}/${OPERATIONS[task.role]}`,
      message: {
        FileUploadHandler: task.uploadUrl,
        SessionId: task.sessionId,
        // The address itself is the one-time secret; the session cookie of the page never leaves the browser.
        JWTToken: '',
        FileName: task.downloadUrl,
        MetaData: [
          { Key: 'FieldName', Value: task.fieldName },
          { Key: 'OriginalFileName', Value: task.fileName },
        ],
        DocNumber: task.documentNumber ?? '',
        IssuedDate: dayOf(task.issuedOn),
      },
    }),
  };
}

/** A PKCS#12 or a token that the page itself opens: the server only hands out and takes back. */
export const BROWSER_KEY = { id: 'browser-key', kind: 'hash', place: 'client' } as const;
