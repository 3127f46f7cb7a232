-- From which networks each key was used: /24 of IPv4, /48 of IPv6.
create table keywatch_networks (
    credential_id uuid not null,
    network       text not null check (length(network) <= 60),
    first_seen_at timestamptz not null,
    primary key (credential_id, network)
);

-- What was suspicious about a key; once a day for each reason.
create table keywatch_suspicions (
    credential_id uuid not null,
    reason        text not null check (reason in ('spike', 'new_network', 'many_refusals', 'rapid_refresh')),
    day           date not null,
    at            timestamptz not null,
    details       jsonb not null,
    primary key (credential_id, reason, day)
);
