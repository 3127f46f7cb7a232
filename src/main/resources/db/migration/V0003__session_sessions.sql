-- A session is a family of refresh tokens: each is used once and replaced, and a second use ends the family.
create table sessions (
    id           uuid primary key,
    user_id      uuid not null references users on delete cascade,
    tenant_id    uuid not null references tenants,
    address      text not null,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    ended_reason text check (ended_reason in ('logout', 'refresh_reused', 'password_changed', 'user_changed')),
    check ((ended_at is null) = (ended_reason is null))
);

create index sessions_user on sessions (user_id) where ended_at is null;
create index sessions_expires_at on sessions (expires_at);

create table refresh_tokens (
    digest     bytea primary key check (length(digest) = 32),
    session_id uuid not null references sessions on delete cascade,
    created_at timestamptz not null,
    used_at    timestamptz
);

create index refresh_tokens_session on refresh_tokens (session_id);

-- Counts failed logins by a digest of what was tried to log in as, whether or not such a user exists.
create table login_failures (
    subject      bytea primary key,
    failures     int not null,
    window_start timestamptz not null
);
