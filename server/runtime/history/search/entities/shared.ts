// What descriptions have in common: the tenant that every answer names, and who owns a row.

import type { Field, Filterable } from '../entity.ts';

/** Agencies are not tenants of the interface: all of its callers live in one, and see their own rows of it. */
export const TENANT: Field = {
  type: 'string',
  sql: `'<default>'::text`,
  filter: 'strF',
  isSortable: true,
  isConstant: true,
};
export const PLAIN_TENANT: Field = { ...TENANT, filter: 'string' };

export const keyOf = (sql: string): Field => ({ type: 'key', sql, filter: 'keyF', isSortable: true });
export const plainKeyOf = (sql: string): Field => ({ type: 'key', sql, filter: 'key', isSortable: true });
export const textOf = (sql: string): Field => ({ type: 'string', sql, filter: 'strF', isSortable: true });
export const dateOf = (sql: string): Field => ({ type: 'date', sql, filter: 'dateF', isSortable: true });
export const maybe = (field: Field): Field => ({ ...field, isNullable: true });
export const rootKey: Field = { type: 'key', sql: 't.root_key', isNullable: true };

export const related = (filter: Filterable['filter'], sql: string, through: string): Filterable => ({
  filter,
  sql,
  through,
});
