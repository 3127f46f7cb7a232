-- Takes what was counted of a bot since the last time; what was taken and is not known to be kept is given again, under the same name.
-- KEYS: counts, counts on their way, bots with counts.
-- ARGV: a new name, the bot.
-- Answers the counts on their way, and their name among them; nothing if there are none.

local call = redis.call
if call('EXISTS', KEYS[2]) == 0 then
  if call('EXISTS', KEYS[1]) == 0 then
    call('SREM', KEYS[3], ARGV[2])
    return {}
  end
  call('RENAME', KEYS[1], KEYS[2])
  call('HSET', KEYS[2], 'name', ARGV[1])
end
return call('HGETALL', KEYS[2])
