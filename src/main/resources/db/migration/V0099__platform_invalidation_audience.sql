-- Who is told of a change by the feed for clients: a tenant's id, or everybody if it is empty. What earlier versions write is told to everybody.
alter table platform_invalidations add column audience text not null default '';
