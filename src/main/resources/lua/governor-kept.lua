-- What was taken is kept elsewhere by now.
-- KEYS: counts on their way.
-- ARGV: their name.

if redis.call('HGET', KEYS[1], 'name') == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
