-- The text of the details is hashed as it was written: jsonb would write it anew.
alter table audit_log alter column details drop default;
alter table audit_log alter column details type json using details::text::json;
alter table audit_log alter column details set default '{}';

alter table audit_log
    -- The installation's own chain is that of the nil UUID.
    add column chain uuid not null generated always as (coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'::uuid)) stored,
    add column position bigint check (position > 0),
    add column hash bytea check (octet_length(hash) = 32),
    add constraint audit_log_linked check ((position is null) = (hash is null));

drop index audit_log_tenant;
create unique index audit_log_chain on audit_log (chain, position);
create index audit_log_subject on audit_log (chain, subject_id, position);
-- Nearly always empty: what an older version wrote, until it is linked.
create index audit_log_unlinked on audit_log (chain, id) where position is null;

-- The end of each chain. Locked by a writer at the end of its transaction, and not before.
create table audit_chains (
    chain    uuid primary key,
    position bigint not null check (position >= 0),
    hash     bytea not null,
    mac      bytea not null
) with (fillfactor = 50);

create table audit_checkpoints (
    chain     uuid not null,
    position  bigint not null,
    hash      bytea not null,
    at        timestamptz not null,
    kid       text not null,
    signature bytea not null,
    made_at   timestamptz not null default now(),
    primary key (chain, position)
);

-- What the last scheduled verification of each chain found.
create table audit_verdicts (
    chain            uuid primary key,
    looked_at        timestamptz not null,
    checked          bigint,
    problem_kind     text,
    problem_position bigint
);

create index audit_verdicts_broken on audit_verdicts (chain) where problem_kind is not null;

-- Against mistakes. Whoever owns the tables can switch it off: that is what the chain is for.
create function audit_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

-- The one change that there is: a row without a place in the chain gets one.
create function audit_log_links_only() returns trigger language plpgsql as $$
begin
    if old.position is null and new.position is not null
            and to_jsonb(new) - '{chain,position,hash}'::text[] = to_jsonb(old) - '{chain,position,hash}'::text[] then
        return new;
    end if;
    raise exception 'audit_log is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_log_update before update on audit_log for each row execute function audit_log_links_only();
create trigger audit_log_delete before delete on audit_log for each row execute function audit_append_only();
create trigger audit_log_truncate before truncate on audit_log for each statement execute function audit_append_only();
create trigger audit_chains_delete before delete on audit_chains for each row execute function audit_append_only();
create trigger audit_chains_truncate before truncate on audit_chains for each statement execute function audit_append_only();
create trigger audit_checkpoints_change before update or delete on audit_checkpoints for each row execute function audit_append_only();
create trigger audit_checkpoints_truncate before truncate on audit_checkpoints for each statement execute function audit_append_only();
