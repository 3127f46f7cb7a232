create table api_keys (
    -- The jti of the JWT.
    id             uuid primary key,
    key_id         text not null unique check (key_id ~ '^[a-z][a-z0-9_]{0,31}_[0-9]{1,12}_[0-9a-f]{16}$'),
    tenant_id      uuid not null references tenants,
    -- The first key of a line of refreshes: they share one budget, so that refreshing does not double it.
    family_id      uuid not null,
    name           text not null check (length(name) between 3 and 100),
    role           text not null check (role ~ '^[a-z][a-z0-9_]{0,31}$'),
    scopes         text[] not null check (cardinality(scopes) between 1 and 64),
    -- What its role allowed when it was made, for as long as there is no such role any more; null is no limit.
    per_hour       bigint check (per_hour > 0),
    metadata       jsonb not null check (jsonb_typeof(metadata) = 'object'),
    digest         bytea not null unique check (length(digest) = 32),
    -- The key that signed it.
    kid            text not null references signing_keys,
    expires_at     timestamptz not null,
    revoked_at     timestamptz,
    revoked_reason text check (revoked_reason in ('revoked', 'refreshed', 'signing_key_withdrawn')),
    refreshed_from uuid unique references api_keys on delete set null,
    created_by     uuid references users,
    created_by_key uuid references api_keys on delete set null,
    -- Only an administrator could create it: it lives as long as its maker is one.
    takes_administrator boolean not null,
    created_at     timestamptz not null,
    check ((revoked_at is null) = (revoked_reason is null))
);

create index api_keys_tenant on api_keys (tenant_id, id desc);
create index api_keys_created_by on api_keys (created_by);
create index api_keys_created_by_key on api_keys (created_by_key);
create index api_keys_kid on api_keys (kid) where revoked_at is null;
create index api_keys_expires_at on api_keys (expires_at);
