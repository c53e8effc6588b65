// Fetches from addresses that stand in other people's certificates. The guard looks at every address that a name resolves
// to, in the same look-up that the connection uses (so a name cannot change its mind in between), refuses private ranges,
// follows no redirects, and bounds size and time. Without it a certificate could make this server ask its own network.

import { lookup as lookupName } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { request as requestHttp } from 'node:http';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { AppError } from '../../shared/app-error.ts';

export interface HttpGuard {
  /** Public hosts that may be asked: exact, `*.suffix`, or `*` for every one. Private addresses stay closed. */
  readonly publicHosts: readonly string[];
  /** Hosts that the operator has configured by name or address; they may be private. */
  readonly trustedHosts: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

export interface HttpRequest {
  readonly url: string;
  readonly body?: Uint8Array;
  readonly contentType?: string;
}

/** Everything that is not the public internet (IANA special-purpose registries). */
const NOT_PUBLIC = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv4');
}
// Of IPv6 only 2000::/3 is public; documentation, Teredo and 6to4 lie inside it.
for (const [net, prefix] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 32],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const) {
  NOT_PUBLIC.addSubnet(net, prefix, 'ipv6');
}

const isPublic = (address: string): boolean => !NOT_PUBLIC.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');

function isHostAllowed(host: string, guard: HttpGuard): boolean {
  if (guard.trustedHosts.includes(host)) return true;
  if (isIP(host) !== 0 && !isPublic(host)) return false;
  return guard.publicHosts.some((pattern) => {
    if (pattern === '*') return true;
    return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
  });
}

const forbidden = (url: string): AppError =>
  new AppError('rule', 'SIGNING_URL_FORBIDDEN', 'The address may not be fetched', { details: { url } });
const unreachable = (url: string, cause: unknown): AppError =>
  new AppError('transient', 'SIGNING_URL_UNREACHABLE', 'The address does not answer', { details: { url }, cause });

/** Throws AppError SIGNING_URL_FORBIDDEN. */
function checkUrl(text: string, guard: HttpGuard): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw forbidden(text);
  if (url.username !== '' || url.password !== '') throw forbidden(text);
  if (!isHostAllowed(hostOf(url), guard)) throw forbidden(text);
  return url;
}

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** A look-up for the connection itself: it answers allowed addresses only. */
const guardedLookup =
  (guard: HttpGuard): NonNullable<RequestOptions['lookup']> =>
  (hostname, options, callback) => {
    lookupName(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) {
        callback(error, '', 0);
        return;
      }
      const isTrusted = guard.trustedHosts.includes(hostname);
      const addresses: LookupAddress[] = found.filter(({ address }) => isTrusted || isPublic(address));
      const [first] = addresses;
      if (first === undefined) callback(Object.assign(new Error('No allowed address'), { code: 'EACCES' }), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

function collect(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    response.on('data', (part: Buffer) => {
      size += part.length;
      if (size > maxBytes) response.destroy(new Error(`The answer is larger than ${maxBytes} bytes`));
      else parts.push(part);
    });
    response.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
    response.on('error', reject);
    response.on('aborted', () => reject(new Error('The answer was cut off')));
  });
}

/** The body of a 200 answer. Throws AppError SIGNING_URL_FORBIDDEN (rule) or SIGNING_URL_UNREACHABLE (transient). */
export async function fetchGuarded(
  guard: HttpGuard,
  { url: text, body, contentType }: HttpRequest,
): Promise<Uint8Array> {
  const url = checkUrl(text, guard);
  const send = url.protocol === 'https:' ? requestHttps : requestHttp;
  const options: RequestOptions = {
    method: body === undefined ? 'GET' : 'POST',
    lookup: guardedLookup(guard),
    // One deadline for name, connection, and the whole answer: an authority may send one byte a minute.
    signal: AbortSignal.timeout(guard.timeoutMs),
    headers: {
      ...(contentType === undefined ? {} : { 'Content-Type': contentType }),
      ...(body === undefined ? {} : { 'Content-Length': body.length }),
    },
    agent: false,
  };
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(url, options, resolve);
      request.on('error', reject);
      request.end(body);
    });
    if (response.statusCode !== 200) {
      response.resume();
      throw new Error(`The answer has status ${response.statusCode ?? 0}`);
    }
    return await collect(response, guard.maxBytes);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EACCES') throw forbidden(text);
    throw unreachable(text, error);
  }
}
