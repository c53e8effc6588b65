// What every part rests on: file bytes by their SHA-256, the setting of business time, and the sequence from which
// processes lease blocks of engine keys. Locks: creates only.

import type { Migration } from './migration.ts';

export const platform: Migration = {
  name: '0001_platform',
  async up(knex) {
    await knex.raw(`
      create table contents (
        sha256 text primary key
          constraint contents_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
        size_bytes int not null
          constraint contents_size_bytes_check check (size_bytes = octet_length(bytes)),
        bytes bytea not null,
        stored_at timestamptz not null default clock_timestamp()
      );
      comment on table contents is 'Immutable file bytes, addressed by the SHA-256 of their content.';
      -- PDF and PNG are compressed already; a second try costs time and gains nothing.
      alter table contents alter column bytes set storage external;

      create table clock_setting (
        is_single boolean primary key default true
          constraint clock_setting_is_single_check check (is_single),
        requested text,
        offset_ms bigint not null default 0,
        pinned_at timestamptz,
        updated_at timestamptz not null default clock_timestamp()
      );
      comment on table clock_setting is
        'One row. Business time = wall time + offset_ms, or pinned_at while it is set. requested: the --clock value that led to it.';
      insert into clock_setting default values;

      -- One call of nextval leases the block [value, value + 999]; see server/adapters/ids/key-source.ts.
      -- The start is 2^51 + 1, the first key of the first partition in the dialect that our clients know.
      create sequence engine_key_seq as bigint start with 2251799813685249 increment by 1000 no cycle;
      comment on sequence engine_key_seq is 'First keys of leased blocks of 1000 engine keys.';
    `);
  },
};
