-- What a tenant registered with a provider, for one branch.
create table oauth_clients (
    id              uuid primary key,
    -- What it is called by here: at random, as its login is public.
    number          bigint not null unique check (number between 1 and 9007199254740991),
    tenant_id       uuid not null references tenants,
    provider        text not null check (length(provider) between 1 and 260),
    client_oauth_id text not null check (length(client_oauth_id) between 1 and 255),
    branch_id       text not null check (length(branch_id) between 1 and 255),
    workspace_email text not null check (length(workspace_email) <= 254),
    workspace_name  text not null check (length(workspace_name) between 1 and 255),
    redirect_uri    text not null check (length(redirect_uri) <= 2048),
    scopes          text[] not null,
    is_active       boolean not null,
    created_by      uuid references users,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    unique (tenant_id, client_oauth_id),
    unique (tenant_id, branch_id)
);

create index oauth_clients_tenant on oauth_clients (tenant_id, id desc);
create index oauth_clients_client_oauth_id on oauth_clients (client_oauth_id, id);

-- Tried in the order of their ids: the newest first.
create table oauth_client_secrets (
    id            uuid primary key,
    client_id     uuid not null references oauth_clients on delete cascade,
    secret_sealed bytea not null,
    key_id        bigint not null,
    created_at    timestamptz not null
);

create index oauth_client_secrets_client on oauth_client_secrets (client_id, id desc);
