-- Uses of credentials come in chunks, and are folded before they are written: one row for all calls of a credential that are alike within
-- a minute (ADR 0012). Where calls is more than 1, at is the time of the first of them, and latency_micros their mean.
alter table token_usage_events
    add column calls   int    not null default 1 check (calls > 0),
    add column tags    text[] not null default '{}',
    add column credits bigint not null default 0 check (credits >= 0);

-- The chunks that are in the tables above, and when they were written: one that comes again contributes nothing. Rows go after 7 days.
create table usage_chunks (
    id uuid primary key,
    at timestamptz not null default now()
);

-- Rows are in the order of their time: a small index will do.
create index usage_chunks_at on usage_chunks using brin (at);

create function usage_histogram_count(counts bigint[], latency_micros bigint, calls int) returns bigint[]
    language plpgsql immutable parallel safe as $$
declare
    bucket int := 1 + width_bucket(latency_micros, usage_latency_bounds());
begin
    counts[bucket] := counts[bucket] + calls;
    return counts;
end
$$;

create aggregate usage_histogram(bigint, int) (
    sfunc = usage_histogram_count,
    stype = bigint[],
    initcond = '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'
);

-- The same sum as before, as one expression that PostgreSQL puts in place of the call: a tenth of the time, in every row that is added to.
create or replace function usage_histogram_add(one bigint[], other bigint[]) returns bigint[]
    language sql immutable parallel safe as $$
    select array[
        coalesce(one[1], 0) + coalesce(other[1], 0), coalesce(one[2], 0) + coalesce(other[2], 0),
        coalesce(one[3], 0) + coalesce(other[3], 0), coalesce(one[4], 0) + coalesce(other[4], 0),
        coalesce(one[5], 0) + coalesce(other[5], 0), coalesce(one[6], 0) + coalesce(other[6], 0),
        coalesce(one[7], 0) + coalesce(other[7], 0), coalesce(one[8], 0) + coalesce(other[8], 0),
        coalesce(one[9], 0) + coalesce(other[9], 0), coalesce(one[10], 0) + coalesce(other[10], 0),
        coalesce(one[11], 0) + coalesce(other[11], 0), coalesce(one[12], 0) + coalesce(other[12], 0),
        coalesce(one[13], 0) + coalesce(other[13], 0), coalesce(one[14], 0) + coalesce(other[14], 0),
        coalesce(one[15], 0) + coalesce(other[15], 0), coalesce(one[16], 0) + coalesce(other[16], 0),
        coalesce(one[17], 0) + coalesce(other[17], 0), coalesce(one[18], 0) + coalesce(other[18], 0),
        coalesce(one[19], 0) + coalesce(other[19], 0), coalesce(one[20], 0) + coalesce(other[20], 0),
        coalesce(one[21], 0) + coalesce(other[21], 0), coalesce(one[22], 0) + coalesce(other[22], 0),
        coalesce(one[23], 0) + coalesce(other[23], 0), coalesce(one[24], 0) + coalesce(other[24], 0),
        coalesce(one[25], 0) + coalesce(other[25], 0), coalesce(one[26], 0) + coalesce(other[26], 0),
        coalesce(one[27], 0) + coalesce(other[27], 0), coalesce(one[28], 0) + coalesce(other[28], 0),
        coalesce(one[29], 0) + coalesce(other[29], 0), coalesce(one[30], 0) + coalesce(other[30], 0),
        coalesce(one[31], 0) + coalesce(other[31], 0), coalesce(one[32], 0) + coalesce(other[32], 0),
        coalesce(one[33], 0) + coalesce(other[33], 0), coalesce(one[34], 0) + coalesce(other[34], 0),
        coalesce(one[35], 0) + coalesce(other[35], 0), coalesce(one[36], 0) + coalesce(other[36], 0),
        coalesce(one[37], 0) + coalesce(other[37], 0)]
$$;
