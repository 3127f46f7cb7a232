create table tenants (
    id         uuid primary key,
    name       text not null check (length(name) between 1 and 100),
    created_at timestamptz not null
);

create table users (
    id            uuid primary key,
    number        bigint generated always as identity unique,
    tenant_id     uuid not null references tenants,
    username      text not null check (username ~ '^[A-Za-z0-9_.-]{3,50}$'),
    email         text not null check (length(email) between 3 and 254),
    password_hash text not null,
    role          text not null check (role in ('guest', 'user', 'admin', 'owner')),
    disabled_at   timestamptz,
    created_at    timestamptz not null,
    updated_at    timestamptz not null
);

-- Names and addresses are taken whatever their case.
create unique index users_username on users (lower(username));
create unique index users_email on users (lower(email));
create index users_tenant on users (tenant_id);
