-- Usage: one row for each call made with a credential, and what is kept of it for longer. See dev.latchkey.usage.
-- Needs PostgreSQL 15 (nulls not distinct).

-- Days are partitions, made ahead and dropped by dev.latchkey.usage.EventPartitions. What belongs to no day's partition falls into
-- the default one, so that an event is never refused for its time. The id is made by the service before the first try to
-- write: the same event that comes twice meets its own key.
create table token_usage_events (
    at             timestamptz not null,
    id             uuid        not null,
    tenant_id      uuid        not null,
    credential_id  uuid        not null,
    kind           text        not null,
    user_id        uuid,
    method         text        not null,
    endpoint       text        not null,
    status         smallint    not null check (status between 100 and 599),
    latency_micros bigint      not null check (latency_micros >= 0),
    bytes          bigint      not null check (bytes >= 0),
    request_id     text        not null,
    primary key (at, id)
) partition by range (at);

create table token_usage_events_default partition of token_usage_events default;

create index token_usage_events_credential on token_usage_events (credential_id, at);
create index token_usage_events_user on token_usage_events (user_id, at) where user_id is not null;

-- The last day whose events were dropped: totals up to it can no longer be recounted.
create table usage_dropped (
    only_row boolean primary key default true check (only_row),
    through  date not null
);

-- The lower bounds of the histogram's buckets after the first one, in microseconds: 1, 1.5, 2, 3, 5, 7 in each decade from 0.1 ms to
-- 70 s. A latency below the first bound is in bucket 0; dev.latchkey.usage.LatencyHistogram reads the buckets back.
create function usage_latency_bounds() returns bigint[] language sql immutable parallel safe as $$
    select array[
        100, 150, 200, 300, 500, 700,
        1000, 1500, 2000, 3000, 5000, 7000,
        10000, 15000, 20000, 30000, 50000, 70000,
        100000, 150000, 200000, 300000, 500000, 700000,
        1000000, 1500000, 2000000, 3000000, 5000000, 7000000,
        10000000, 15000000, 20000000, 30000000, 50000000, 70000000]::bigint[]
$$;

create function usage_histogram_count(counts bigint[], latency_micros bigint) returns bigint[]
    language plpgsql immutable parallel safe as $$
declare
    bucket int := 1 + width_bucket(latency_micros, usage_latency_bounds());
begin
    counts[bucket] := counts[bucket] + 1;
    return counts;
end
$$;

create function usage_histogram_add(one bigint[], other bigint[]) returns bigint[]
    language sql immutable parallel safe as $$
    select array_agg(coalesce(a, 0) + coalesce(b, 0) order by bucket)
    from unnest(one, other) with ordinality as pair (a, b, bucket)
$$;

-- Counts latencies into a histogram, and sums histograms.
create aggregate usage_histogram(bigint) (
    sfunc = usage_histogram_count,
    stype = bigint[],
    initcond = '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'
);

create aggregate usage_histogram_sum(bigint[]) (sfunc = usage_histogram_add, stype = bigint[], initcond = '{}');

-- One row for each day (UTC), credential, user, method and endpoint: exactly the sum of the events, kept when they are dropped.
create table usage_aggregates (
    day               date     not null,
    tenant_id         uuid     not null,
    credential_id     uuid     not null,
    user_id           uuid,
    method            text     not null,
    endpoint          text     not null,
    requests          bigint   not null check (requests > 0),
    errors            bigint   not null check (errors between 0 and requests),
    rate_limited      bigint   not null check (rate_limited between 0 and errors),
    bytes             bigint   not null,
    latency_micros    bigint   not null,
    latency_histogram bigint[] not null,
    constraint usage_aggregates_key unique nulls not distinct (tenant_id, credential_id, day, method, endpoint, user_id)
) with (fillfactor = 80);

create index usage_aggregates_user on usage_aggregates (tenant_id, user_id, day) where user_id is not null;

create table usage_last_use (
    credential_id uuid primary key,
    tenant_id     uuid        not null,
    at            timestamptz not null
) with (fillfactor = 80);

create table usage_scope_use (
    credential_id uuid        not null,
    scope         text        not null,
    tenant_id     uuid        not null,
    last_at       timestamptz not null,
    primary key (credential_id, scope)
) with (fillfactor = 80);
