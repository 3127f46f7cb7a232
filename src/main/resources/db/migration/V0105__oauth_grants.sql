-- What an account granted to a client: one grant for each, replaced by the next.
create table oauth_grants (
    client_id         uuid primary key references oauth_clients on delete cascade,
    tenant_id         uuid not null references tenants,
    -- Moves on whenever tokens are written: whoever read an older one writes nothing.
    version           bigint not null,
    state             text not null check (state in ('connected', 'degraded', 'reauthorization_required', 'revoked')),
    access_sealed     bytea,
    refresh_sealed    bytea,
    key_id            bigint,
    token_type        text not null,
    scope             text,
    -- Null: it does not expire.
    expires_at        timestamptz,
    -- How long the access token lives in all.
    life_seconds      bigint,
    connected_at      timestamptz not null,
    last_refreshed_at timestamptz,
    -- When it is refreshed, or what is revoked here is revoked with the provider; null: never.
    due_at            timestamptz,
    failures          integer not null,
    last_failure      text check (length(last_failure) <= 200),
    last_failure_at   timestamptz,
    -- Who asks the provider now, and until when nobody else does.
    lease_owner       uuid,
    lease_until       timestamptz,
    -- Whoever had the lease last never gave it back: what the provider answered is not known.
    is_interrupted    boolean not null default false,
    check ((access_sealed is null and refresh_sealed is null) = (key_id is null)),
    check ((lease_owner is null) = (lease_until is null))
);

create index oauth_grants_due on oauth_grants (due_at) where due_at is not null;
create index oauth_grants_tenant on oauth_grants (tenant_id);

-- States of logins that came back: each comes back once.
create table oauth_used_states (
    digest     bytea primary key check (length(digest) = 32),
    expires_at timestamptz not null
);

create index oauth_used_states_expires_at on oauth_used_states (expires_at);
