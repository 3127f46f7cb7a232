-- Calls of bots, by day (UTC) and method.
create table bot_call_days (
    bot_id         uuid not null references bots on delete cascade,
    day            date not null,
    method         text not null check (length(method) between 1 and 64),
    calls          bigint not null check (calls >= 0),
    errors         bigint not null check (errors >= 0),
    limited        bigint not null check (limited >= 0),
    micros         bigint not null check (micros >= 0),
    longest_micros bigint not null check (longest_micros >= 0),
    primary key (bot_id, day, method)
);

-- The counts that were added up here: what comes twice is added once.
create table bot_call_tallies (
    name uuid primary key,
    at   timestamptz not null
);

create index bot_call_tallies_at on bot_call_tallies (at);
