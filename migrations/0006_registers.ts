// Registers and their entries. The triggers carry the law of numbering: no gaps, no renumbering, no removal.
// Locks: new tables only. Back out: drop both tables.

import type { Migration } from './migration.ts';

const REGISTERS = `
create table registers (
  id uuid primary key default gen_random_uuid(),
  agency_id text not null references agencies,
  kind text not null constraint registers_kind_check check (kind in ('outgoing', 'incoming')),
  series text not null,
  year int not null,
  last_number int not null default 0,
  last_on date,
  constraint registers_agency_id_kind_series_year_key unique (agency_id, kind, series, year)
);

create table register_entries (
  id uuid primary key default gen_random_uuid(),
  register_id uuid not null references registers,
  number int not null,
  document_id uuid not null references documents constraint register_entries_document_id_key unique,
  entered_on date not null,
  notation text not null,
  document_type_name text not null,
  subject text not null,
  signer_name text,
  recipients_text text,
  origin_name text,
  document_issued_on date,
  recorded_at timestamptz not null,
  constraint register_entries_register_id_number_key unique (register_id, number)
);

create function registers_count_by_one() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.last_number <> old.last_number + 1 or new.last_on < old.last_on
     or (new.agency_id, new.kind, new.series, new.year) is distinct from (old.agency_id, old.kind, old.series, old.year) then
    raise exception 'REGISTER_IMMUTABLE: a register only counts to its next number and day'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger registers_count_by_one before update or delete on registers
  for each row execute function registers_count_by_one();

create function register_entries_follow() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.number is distinct from (select last_number from registers where id = new.register_id) then
      raise exception 'REGISTER_ENTRY_ORDER: an entry carries the number that its register has just counted to'
        using errcode = 'restrict_violation';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE'
     or (new.id, new.register_id, new.number, new.document_id, new.entered_on)
        is distinct from (old.id, old.register_id, old.number, old.document_id, old.entered_on) then
    raise exception 'REGISTER_ENTRY_IMMUTABLE: an entry keeps its number, document and day'
      using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger register_entries_follow before insert or update or delete on register_entries
  for each row execute function register_entries_follow();
`;

export const registers: Migration = {
  name: '0006_registers',
  async up(knex) {
    await knex.raw(REGISTERS);
  },
};
