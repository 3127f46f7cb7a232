-- Ends the life of entries that were moved: acknowledged and deleted together, so that none is left that nobody will read.
-- KEYS: the stream. ARGV: the group, then the ids.
redis.call('XACK', KEYS[1], unpack(ARGV))
return redis.call('XDEL', KEYS[1], unpack(ARGV, 2))
