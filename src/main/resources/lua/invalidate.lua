-- Tells every replica that one cached value is out of date. The epoch counts the entries, so that a reader sees a gap.
-- KEYS: the epoch, the stream (one hash tag). ARGV: the cache, the key.
local epoch = redis.call('INCR', KEYS[1])
redis.call('XADD', KEYS[2], 'MAXLEN', '~', '10000', '*', 'e', epoch, 'c', ARGV[1], 'k', ARGV[2])
return epoch
