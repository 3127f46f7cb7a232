create table signing_keys (
    kid            text primary key check (kid ~ '^[A-Za-z0-9_-]{8,64}$'),
    algorithm      text not null check (algorithm in ('ES256')),
    state          text not null check (state in ('current', 'retiring', 'withdrawn')),
    public_key     bytea not null,
    private_sealed bytea not null,
    key_id         bigint not null,
    created_at     timestamptz not null
);

-- Of several replicas that start at once on an empty database, one makes the first key.
create unique index signing_keys_one_current on signing_keys (state) where state = 'current';
