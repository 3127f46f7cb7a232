-- In how many places the chain is broken: the first one must not hide the next.
alter table audit_verdicts add column problems bigint not null default 0;
