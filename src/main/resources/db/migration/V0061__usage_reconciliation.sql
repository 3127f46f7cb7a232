-- A day's totals are compared with its events, made anew from them, and removed, by their day.
create index usage_aggregates_day on usage_aggregates (day);

-- When the totals of a day were last compared with its events, and by how many requests they differed before they were mended.
create table usage_reconciliations (
    day        date primary key,
    checked_at timestamptz not null,
    difference bigint      not null check (difference >= 0)
);
