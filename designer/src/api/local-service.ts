// Talks to the signing service on the person's own machine: one WebSocket for each request, a JSON text in each direction
// (the shape of VGCA Sign Service). Closing the socket cancels what the service is doing.

/** `absent`: nobody answers at that address. `refused`: the service says no, or the person has cancelled there. */
export class LocalServiceError extends Error {
  override readonly name = 'LocalServiceError';
  readonly reason: 'absent' | 'refused';
  constructor(reason: 'absent' | 'refused', options?: ErrorOptions) {
    super(`The local signing service: ${reason}`, options);
    this.reason = reason;
  }
}

const STATUS_OK = 0;

interface Reply {
  readonly Status: number;
  readonly Message: string;
}

const isReply = (value: unknown): value is Reply =>
  typeof value === 'object' && value !== null && 'Status' in value && typeof value.Status === 'number';

function readReply(data: unknown): Reply & Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(String(data));
    if (isReply(value)) return value as Reply & Readonly<Record<string, unknown>>; // an object whose Status is checked
  } catch (cause) {
    throw new LocalServiceError('refused', { cause });
  }
  throw new LocalServiceError('refused');
}

/** Resolves with the service's answer. Throws LocalServiceError; aborting closes the socket. */
export function askLocalService(
  url: string,
  message: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    let isOpen = false;
    const fail = (error: Error): void => {
      socket.close();
      reject(error);
    };
    signal.addEventListener('abort', () => fail(new LocalServiceError('refused')), { once: true });
    socket.addEventListener('open', () => {
      isOpen = true;
      socket.send(JSON.stringify(message));
    });
    socket.addEventListener('close', () => reject(new LocalServiceError(isOpen ? 'refused' : 'absent')));
    socket.addEventListener('message', ({ data }) => {
      try {
        const reply = readReply(data);
        if (reply.Status !== STATUS_OK) throw new LocalServiceError('refused', { cause: reply.Message });
        resolve(reply);
        socket.close();
      } catch (error) {
        fail(error instanceof Error ? error : new LocalServiceError('refused'));
      }
    });
  });
}
