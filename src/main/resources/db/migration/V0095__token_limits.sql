-- Limits of a token beside its windows; null where there is none. What begins with shadow only watches.
alter table api_tokens
    add column burst_capacity                 bigint check (burst_capacity > 0),
    add column burst_refill_per_second        numeric check (burst_refill_per_second > 0),
    add column concurrent_requests            bigint check (concurrent_requests > 0),
    add column lease_seconds                  bigint check (lease_seconds > 0),
    add column shadow_per_minute              bigint check (shadow_per_minute > 0),
    add column shadow_per_hour                bigint check (shadow_per_hour > 0),
    add column shadow_per_day                 bigint check (shadow_per_day > 0),
    add column shadow_burst_capacity          bigint check (shadow_burst_capacity > 0),
    add column shadow_burst_refill_per_second numeric check (shadow_burst_refill_per_second > 0),
    add check ((burst_capacity is null) = (burst_refill_per_second is null)),
    add check ((concurrent_requests is null) = (lease_seconds is null)),
    add check ((shadow_burst_capacity is null) = (shadow_burst_refill_per_second is null));
