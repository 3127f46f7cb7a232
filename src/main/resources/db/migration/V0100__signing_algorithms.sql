-- RSA keys beside those on P-256.
alter table signing_keys drop constraint signing_keys_algorithm_check;
alter table signing_keys add constraint signing_keys_algorithm_check check (algorithm in ('ES256', 'RS256'));
