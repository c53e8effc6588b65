// The edXML codec behind the port of the exchange module. Pure: no clock, no network, no files.

import type { ExchangeCodec } from '../../../modules/exchange/ports.ts';
import { readMessage } from './read.ts';
import { writeMessage } from './write.ts';

export const createEdxmlCodec = (): ExchangeCodec => ({ encode: writeMessage, decode: readMessage });
