-- Which key signed the session's latest access token, and when that token expires: what dies when the key is withdrawn.
alter table sessions add column signing_kid text;
alter table sessions add column access_expires_at timestamptz;
