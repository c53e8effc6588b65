// A signing service as it runs on a person's machine, faithful to the documented messages of VGCA Sign Service: one
// WebSocket for each call, a JSON text in each direction, the file fetched and uploaded over HTTP. It shows no window: `behave`
// says what the person at the machine does. The answer of GetCertInfo is not documented in full; its form is ours.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { createPdfSigner } from '../../server/adapters/pdf/signer.ts';
import type { SigningCredential } from '../../server/modules/signing/ports.ts';
import { toInstant } from './clock.ts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export interface LocalService {
  /** `ws://127.0.0.1:port` */
  readonly origin: string;
  /** Names of the operations that were asked, in order. */
  readonly asked: string[];
  /** sign: as wished. refuse: the person presses "cancel". */
  behave(how: 'sign' | 'refuse'): void;
  use(credential: SigningCredential): void;
  close(): Promise<void>;
}

interface SignRequest {
  readonly FileUploadHandler: string;
  readonly FileName: string;
  readonly MetaData: readonly { readonly Key: string; readonly Value: string }[];
  readonly DocNumber: string;
  readonly IssuedDate: string;
}

/** One text frame of at most 64 KB, as RFC 6455 writes it from a client: masked. Null until it is whole. */
function readFrame(data: Buffer): string | null {
  const length = data.length < 2 ? 0 : (data[1] ?? 0) & 0x7f;
  const start = length === 126 ? 4 : 2;
  if (data.length < start + 4) return null;
  const size = length === 126 ? data.readUInt16BE(2) : length;
  const mask = data.subarray(start, start + 4);
  const body = data.subarray(start + 4, start + 4 + size);
  if (body.length < size) return null;
  return Buffer.from(body.map((byte, index) => byte ^ (mask[index % 4] ?? 0))).toString('utf8');
}

function writeFrame(text: string): Buffer {
  const body = Buffer.from(text, 'utf8');
  const header = body.length < 126 ? Buffer.from([0x81, body.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (body.length >= 126) header.writeUInt16BE(body.length, 2);
  return Buffer.concat([header, body]);
}

async function signAndUpload(request: SignRequest, credential: SigningCredential): Promise<object> {
  const download = await fetch(request.FileName);
  if (!download.ok) return { Status: 14, Message: `Không tải được tệp: ${download.status}` };
  const fieldName = request.MetaData.find(({ Key }) => Key === 'FieldName')?.Value ?? 'Signature1';
  const signed = await createPdfSigner().sign({
    pdf: new Uint8Array(await download.arrayBuffer()),
    credential,
    fieldName,
    appearance: null,
    signedAt: toInstant('2019-05-06T08:00:00+07:00'),
    reason: '',
    location: '',
  });
  const form = new FormData();
  form.append('uploadfile', new Blob([Buffer.from(signed)], { type: 'application/pdf' }), 'a.signed.pdf');
  const upload = await fetch(request.FileUploadHandler, { method: 'POST', body: form });
  if (!upload.ok) return { Status: 500, Message: await upload.text() };
  const { DocNumber: DocumentNumber, IssuedDate: DocumentDate } = request;
  return { Status: 0, Message: '', FileName: 'a.signed.pdf', FileServer: '', DocumentNumber, DocumentDate };
}

function acceptSocket(request: IncomingMessage, socket: Socket): void {
  const key = String(request.headers['sec-websocket-key']);
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
}

export async function startLocalService(): Promise<LocalService> {
  const asked: string[] = [];
  let how: 'sign' | 'refuse' = 'sign';
  let credential: SigningCredential | null = null;
  const answer = async (operation: string, text: string): Promise<object> => {
    asked.push(operation);
    if (credential === null) return { Status: 28, Message: 'Không có thiết bị ký' };
    if (operation === 'GetCertInfo') {
      return { Status: 0, Message: '', CertificateBase64: Buffer.from(credential.certificate).toString('base64') };
    }
    if (how === 'refuse') return { Status: 14, Message: 'Người dùng đã hủy' };
    return signAndUpload(JSON.parse(text) as SignRequest, credential); // the documented shape
  };
  const server: Server = createServer();
  // A socket that has become a WebSocket is no connection of the server any more.
  const sockets = new Set<Socket>();
  server.on('upgrade', (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    acceptSocket(request, socket);
    let received = Buffer.alloc(0);
    let isAnswered = false;
    socket.on('error', () => socket.destroy());
    socket.on('data', (part: Buffer) => {
      received = Buffer.concat([received, part]);
      const text = isAnswered ? null : readFrame(received);
      if (text === null) return;
      isAnswered = true;
      void answer((request.url ?? '').slice(1), text)
        .catch((error: unknown) => ({ Status: 500, Message: String(error) }))
        .then((reply) => socket.write(writeFrame(JSON.stringify(reply))));
    });
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  return {
    origin: `ws://127.0.0.1:${port}`,
    asked,
    behave: (next) => void (how = next),
    use: (next) => void (credential = next),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}
