create table audit_log (
    id           uuid primary key,
    at           timestamptz not null,
    tenant_id    uuid,
    actor_kind   text not null,
    actor_id     uuid,
    actor_user   uuid,
    action       text not null check (action ~ '^[a-z_]+\.[a-z_]+$'),
    subject_kind text not null,
    subject_id   text not null,
    address      text,
    request_id   text,
    details      jsonb not null default '{}'
);

create index audit_log_tenant on audit_log (tenant_id, id);
