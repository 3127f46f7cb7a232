-- Which key signed the session's latest access token, and when that token expires: what dies when the key is withdrawn. After a change of
-- the key, the same of the latest one that the key before it signed.
alter table sessions
    add column signing_kid text,
    add column access_expires_at timestamptz,
    add column previous_kid text,
    add column previous_expires_at timestamptz;

create index sessions_signing_kid on sessions (signing_kid) where ended_at is null;
create index sessions_previous_kid on sessions (previous_kid) where ended_at is null and previous_kid is not null;
