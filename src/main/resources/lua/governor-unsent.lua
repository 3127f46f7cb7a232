-- A call that might have gone out does not: its slot and its places in the windows are free, and it is not counted. Where the slot was given back before, all of that was done.
-- KEYS: slots, counts, bots with counts, then a list for each window.
-- ARGV: slot, bot (nothing: it is not counted), when it might have gone as the windows have it (nothing: not known), then for each window what it counts as.

local call = redis.call

if call('ZREM', KEYS[1], ARGV[1]) == 0 then return 0 end
if ARGV[3] ~= '' then
  for i = 4, #KEYS do
    -- What has the same time is as good.
    call('LREM', KEYS[i], ARGV[i], ARGV[3])
  end
end
if ARGV[2] ~= '' then
  call('SADD', KEYS[3], ARGV[2])
  call('HINCRBY', KEYS[2], 'total', -1)
end
return 1
