-- Tells every replica that cached values are out of date. The epoch counts the entries, so that a reader sees a gap.
-- KEYS: the epoch, the stream (one hash tag). ARGV: a cache, a key, and so on.
for i = 1, #ARGV, 2 do
    local epoch = redis.call('INCR', KEYS[1])
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', '10000', '*', 'e', epoch, 'c', ARGV[i], 'k', ARGV[i + 1])
end
return #ARGV / 2
