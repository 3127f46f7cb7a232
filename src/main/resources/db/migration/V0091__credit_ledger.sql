-- Credits: what an account has, and every movement that made it so. See dev.latchkey.credit.

create table credit_accounts (
    id              uuid primary key,
    tenant_id       uuid        not null references tenants,
    -- The sum of the account's entries, always. Below zero only by calls that were let through before this was known.
    balance         bigint      not null,
    refill_amount   bigint check (refill_amount > 0),
    refill_interval text check (refill_interval in ('daily', 'monthly')),
    refill_day      smallint check (refill_day between 1 and 31),
    -- The beginning of the latest period whose refill is in the balance, or when the account was opened.
    refilled_at     timestamptz not null,
    -- Refills of periods up to this one that are told later are in the balance already, or count no more.
    settled_at      timestamptz not null,
    created_at      timestamptz not null,
    check ((refill_amount is null) = (refill_interval is null)),
    check ((refill_interval is not distinct from 'monthly') = (refill_day is not null))
) with (fillfactor = 80);

create table credit_entries (
    account_id uuid        not null references credit_accounts,
    -- A refill's is made of its period, so that it is there once.
    id         uuid        not null,
    at         timestamptz not null,
    kind       text        not null check (kind in ('grant', 'refill', 'spend')),
    amount     bigint      not null check (case kind when 'spend' then amount < 0 else amount >= 0 end),
    primary key (account_id, id)
);

-- A line of rotations is one account. Nothing was spent or refilled before there were accounts.
insert into credit_accounts (id, tenant_id, balance, refill_amount, refill_interval, refill_day, refilled_at, settled_at, created_at)
select distinct on (family_id) family_id, tenant_id, credits_remaining, credits_refill_amount, credits_refill_every,
    case when credits_refill_every = 'monthly' then coalesce(credits_refill_day, 1) end, now(), now(), now()
from api_tokens
where credits_remaining is not null
order by family_id, id desc;

insert into credit_entries (account_id, id, at, kind, amount)
select id, id, now(), 'grant', balance from credit_accounts;
