-- The Telegram bot of a user: one for each.
create table bots (
    id                      uuid primary key,
    tenant_id               uuid not null references tenants,
    user_id                 uuid not null unique references users,
    -- One row for each token, whoever has it.
    token_digest            bytea not null unique check (length(token_digest) = 32),
    -- What Telegram calls it, which the token begins with.
    bot_id                  bigint not null check (bot_id > 0),
    bot_username            text check (length(bot_username) between 1 and 64),
    telegram_api_id         integer check (telegram_api_id > 0),
    token_sealed            bytea not null,
    api_hash_sealed         bytea,
    phone_sealed            bytea,
    session_sealed          bytea,
    key_id                  bigint not null,
    -- That Telegram wants a pause is told from paused_until.
    status                  text not null check (status in ('pending', 'active', 'stopped', 'suspended', 'error')),
    is_verified             boolean not null,
    suspended_by            text check (suspended_by in ('admin', 'telegram')),
    suspension_reason       text check (length(suspension_reason) between 1 and 500),
    paused_until            timestamptz,
    rate_limit_rps          integer not null check (rate_limit_rps between 1 and 100),
    max_concurrent_requests integer not null check (max_concurrent_requests between 1 and 50),
    total_requests          bigint not null check (total_requests >= 0),
    last_used_at            timestamptz,
    created_at              timestamptz not null,
    updated_at              timestamptz not null,
    check ((status = 'suspended') = (suspended_by is not null)),
    check ((suspended_by is null) = (suspension_reason is null))
);

create index bots_tenant on bots (tenant_id);
-- The order of lists.
create index bots_status on bots (status, id desc);
