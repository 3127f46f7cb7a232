-- What admins did with the bots of users, looking at one included. Rows are only ever added.
create table admin_bot_actions (
    id        uuid primary key,
    admin_id  uuid not null references users,
    user_id   uuid not null references users,
    -- What Telegram calls it; the bot itself may be removed.
    bot_id    bigint not null,
    -- The user's.
    tenant_id uuid not null references tenants,
    action    text not null check (action in ('access', 'status', 'verify', 'suspend', 'activate', 'rate_limit')),
    reason    text check (length(reason) between 5 and 500),
    details   jsonb not null,
    at        timestamptz not null
);

create index admin_bot_actions_user on admin_bot_actions (user_id, id desc);
create index admin_bot_actions_action on admin_bot_actions (action, id desc);

create trigger admin_bot_actions_change before update or delete on admin_bot_actions for each row execute function audit_append_only();
create trigger admin_bot_actions_truncate before truncate on admin_bot_actions for each statement execute function audit_append_only();
