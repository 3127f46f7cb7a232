-- Which limits refused a verification, by name, and which of those that only watch would have.
alter table token_usage_events
    add column violated        text[] not null default '{}',
    add column shadow_violated text[] not null default '{}';

-- One row for each day (UTC), credential, user and limit: exactly the sum of the events, kept when they are dropped. A verification that several
-- limits refused counts for each of them.
create table usage_violations (
    day           date    not null,
    tenant_id     uuid    not null,
    credential_id uuid    not null,
    user_id       uuid,
    policy        text    not null,
    shadow        boolean not null,
    requests      bigint  not null check (requests > 0),
    constraint usage_violations_key unique nulls not distinct (tenant_id, credential_id, day, policy, shadow, user_id)
) with (fillfactor = 80);

create index usage_violations_user on usage_violations (tenant_id, user_id, day) where user_id is not null;
