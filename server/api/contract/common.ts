// Building blocks of the wire contract. The designer imports types from this folder and nothing else of the server.

import { type Static, type TSchema, Type } from 'typebox';

export const strict = { additionalProperties: false } as const;
export const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const DateTime = Type.String({ format: 'date-time' });
export const LocalDay = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day in Asia/Ho_Chi_Minh' });
export const Uuid = Type.String({ format: 'uuid' });
export const Key = Type.String({ pattern: '^[0-9]{1,19}$', description: 'Engine key, int64 as digits' });
export const AgencyIdText = Type.String({ pattern: '^[a-z0-9-]{1,80}$' });

/** Body of every 4xx and 5xx answer under /api. `message` and `action` are looked up by code, Vietnamese unless
 * `Accept-Language` asks for English. */
export const ErrorBody = Type.Object(
  {
    code: Type.String(),
    message: Type.String({ description: 'What happened, for the user' }),
    action: Type.String({ description: 'What the user can do now' }),
    details: Type.Record(Type.String(), Type.Unknown()),
    reference: Nullable(Type.String({ description: 'For 5xx: the number to quote to the operator' })),
  },
  strict,
);
export type ErrorBody = Static<typeof ErrorBody>;
