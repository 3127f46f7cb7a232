-- A key is published as the next one before it signs, signs as the current one, and verifies as a retiring one until the last token
-- signed with it has expired; then it is retired. A withdrawn key is refused at once, whatever it signed.
alter table signing_keys drop constraint signing_keys_state_check;
alter table signing_keys add constraint signing_keys_state_check
    check (state in ('next', 'current', 'retiring', 'retired', 'withdrawn'));
alter table signing_keys add column current_since timestamptz;
alter table signing_keys add column ended_at timestamptz;
-- No token signed with the key lives longer. It runs ahead by up to a day, so that it is written once a day.
alter table signing_keys add column signed_until timestamptz;

-- From now on, and not from its making: older replicas that still run at the upgrade know no rotation.
update signing_keys set current_since = now(), signed_until = now() + interval '1 day' where state = 'current';
update signing_keys set signed_until = now() + interval '1 day' where state = 'retiring';
update signing_keys set ended_at = now() where state = 'withdrawn';

-- Only a key that signs, or will, needs its private half.
alter table signing_keys alter column private_sealed drop not null;
alter table signing_keys alter column key_id drop not null;
alter table signing_keys add check ((private_sealed is null) = (key_id is null));
update signing_keys set private_sealed = null, key_id = null where state not in ('current', 'next');
alter table signing_keys add check ((private_sealed is null) = (state not in ('current', 'next')));
alter table signing_keys add check ((ended_at is null) = (state in ('next', 'current', 'retiring')));

create unique index signing_keys_one_next on signing_keys (state) where state = 'next';
