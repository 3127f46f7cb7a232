-- Makes the group of consumers, and the stream, where they are missing. A script, as clients of a cluster do not see that XGROUP has a key.
-- KEYS: the stream. ARGV: the group.
local made = redis.pcall('XGROUP', 'CREATE', KEYS[1], ARGV[1], '0', 'MKSTREAM')
if made.err and string.sub(made.err, 1, 9) ~= 'BUSYGROUP' then return made end
return redis.status_reply('OK')
