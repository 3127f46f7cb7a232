-- Secrets that the service makes for itself at first start, sealed.
create table platform_secrets (
    name       text primary key check (name ~ '^[a-z-]{1,64}$'),
    sealed     bytea not null,
    key_id     bigint not null,
    created_at timestamptz not null default now()
);

-- Answers kept for a day, so that a repeated request gets the first one's answer. The answer may hold a new secret: it is sealed.
create table platform_idempotency_keys (
    id             uuid primary key,
    tenant_id      uuid not null,
    caller_id      uuid not null,
    key            text not null check (length(key) between 1 and 255),
    operation      text not null,
    request_digest bytea not null,
    sealed         bytea,
    key_id         bigint,
    created_at     timestamptz not null default now(),
    unique (tenant_id, caller_id, key)
);

create index platform_idempotency_keys_created_at on platform_idempotency_keys (created_at);
