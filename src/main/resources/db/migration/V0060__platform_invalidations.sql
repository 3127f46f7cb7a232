-- Changes of cached values, written in the transaction of the change, and deleted when Redis has told every replica. Next to
-- empty: a row lives for some milliseconds while Redis is there, and for five minutes at most. See dev.latchkey.platform.cache.
create table platform_invalidations (
    id         bigint generated always as identity primary key,
    cache      text not null,
    key        text not null,
    -- Not now(), which is when the transaction began.
    created_at timestamptz not null default clock_timestamp()
) with (
    -- Every replica reads all of it some times a second: what is dead in it goes early.
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_insert_threshold = -1
);
