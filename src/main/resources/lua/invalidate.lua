-- Tells every replica that cached values are out of date. The epoch counts the entries, so that a reader sees a gap.
-- It begins with the time in microseconds, so that in a Redis that was emptied no epoch means again what it meant before.
-- KEYS: the epoch, the stream (one hash tag). ARGV: a cache, a key, an audience, and so on.
if #ARGV > 0 and redis.call('EXISTS', KEYS[1]) == 0 then
    local clock = redis.call('TIME')
    redis.call('SET', KEYS[1], clock[1] .. string.format('%06d', clock[2]))
end
for i = 1, #ARGV, 3 do
    local epoch = redis.call('INCR', KEYS[1])
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', '10000', '*', 'e', epoch, 'c', ARGV[i], 'k', ARGV[i + 1], 'a', ARGV[i + 2])
end
return #ARGV / 3
