-- What is asked of the provider when a token ends: a refresh of what an account granted, or a token for the client itself (RFC 6749, section 4.4).
alter table oauth_grants add column kind text not null default 'account' check (kind in ('account', 'client'));
