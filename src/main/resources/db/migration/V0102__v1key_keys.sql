-- Opaque keys of the first version: made here, or brought along from another table.
create table v1_keys (
    id           uuid primary key,
    key_id       text not null unique check (length(key_id) between 1 and 100),
    tenant_id    uuid not null references tenants,
    name         text not null check (length(name) between 1 and 100),
    role         text not null check (role ~ '^[a-z][a-z0-9_]{0,31}$'),
    -- Whose it was where it came from.
    owner        text check (length(owner) between 1 and 200),
    -- SHA-256 of the text. Null until a key is used for the first time that came with a hash of another kind.
    digest       bytea unique check (length(digest) = 32),
    -- That hash, and the first characters of the text, by which it is found. Both go when the digest comes.
    foreign_hash text check (length(foreign_hash) between 20 and 500),
    lookup       text check (length(lookup) between 8 and 64),
    created_by   uuid references users,
    takes_administrator boolean not null,
    created_at   timestamptz not null,
    imported_at  timestamptz,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    -- The key of the second version that its holder migrated to last, and how often that was done.
    replaced_by  uuid references api_keys on delete set null,
    replaced_at  timestamptz,
    replacements int not null default 0,
    check ((digest is null) = (foreign_hash is not null)),
    check ((foreign_hash is null) = (lookup is null))
);

create index v1_keys_tenant on v1_keys (tenant_id, id desc);
create index v1_keys_lookup on v1_keys (lookup) where lookup is not null;
create index v1_keys_created_by on v1_keys (created_by);
