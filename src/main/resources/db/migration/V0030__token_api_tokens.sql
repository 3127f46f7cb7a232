create table api_tokens (
    id                     uuid primary key,
    tenant_id              uuid not null references tenants,
    -- The first token of a line of rotations: they share one budget, so that rotating does not double it.
    family_id              uuid not null,
    name                   text not null check (length(name) between 1 and 200),
    environment            text not null check (environment in ('live', 'test')),
    prefix                 text not null check (length(prefix) = 12),
    digest                 bytea not null unique check (length(digest) = 32),
    scopes                 text[] not null check (cardinality(scopes) between 1 and 64),
    per_minute             bigint not null check (per_minute > 0),
    per_hour               bigint not null check (per_hour > 0),
    per_day                bigint not null check (per_day > 0),
    allowed_cidrs          text[] not null,
    metadata               jsonb not null check (jsonb_typeof(metadata) = 'object'),
    enabled                boolean not null,
    expires_at             timestamptz,
    revoked_at             timestamptz,
    rotated_from           uuid unique references api_tokens,
    superseded_at          timestamptz,
    team_id                uuid,
    credits_remaining      bigint check (credits_remaining >= 0),
    credits_refill_amount  bigint check (credits_refill_amount > 0),
    credits_refill_every   text check (credits_refill_every in ('daily', 'monthly')),
    credits_refill_day     int check (credits_refill_day between 1 and 31),
    created_at             timestamptz not null,
    updated_at             timestamptz not null,
    created_by             uuid not null references users,
    check ((credits_refill_amount is null) = (credits_refill_every is null)),
    check (credits_refill_amount is null or credits_remaining is not null)
);

create index api_tokens_tenant on api_tokens (tenant_id, id desc);
create index api_tokens_created_by on api_tokens (created_by);
