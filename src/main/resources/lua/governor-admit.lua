-- Whether a call of a bot may go out now: all of its limits or none, on Redis' own clock. Each window is a list of when the last calls went out,
-- newest first, one that counts as several so many times: it may go when there is room for all of that within a window's length.
-- KEYS: slots, pauses, counts, bots with counts, then a list for each window.
-- ARGV: slot, lease in ms, slots at most, bot (nothing: it is not counted), number of scopes, the scopes, then n, length in ms and what the call counts as for each window.
-- Answers go, and when that was as the windows have it; busy, as all slots are taken; or wait, the number of the window (of a pause -number of the scope), and how long, in ms.

local call = redis.call
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000
local moment = string.format('%.3f', now)
local slots, pauses, counts, counted = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local scopes = tonumber(ARGV[5])
local windows = #KEYS - 4

local function window(i)
  local at = 3 + scopes + 3 * i
  return tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
end

local why, wait = 0, 0
local function wait_until(moment, reason)
  if moment - now > wait then
    why, wait = reason, moment - now
  end
end

local until_ = call('HMGET', pauses, unpack(ARGV, 6, 5 + scopes))
for i = 1, scopes do
  if until_[i] then wait_until(tonumber(until_[i]), -i) end
end
for i = 1, windows do
  local n, length, weight = window(i)
  -- Where the clock was set back, what went out at a time that is not yet there did so now, at the latest.
  local ahead = 0
  while tonumber(call('LINDEX', KEYS[4 + i], 0) or 0) > now do
    call('LPOP', KEYS[4 + i])
    ahead = ahead + 1
  end
  for _ = 1, ahead do
    call('LPUSH', KEYS[4 + i], moment)
  end
  if ahead > 0 then call('PEXPIRE', KEYS[4 + i], length) end
  local last = call('LINDEX', KEYS[4 + i], n - weight)
  if last then wait_until(tonumber(last) + length, i) end
end
if wait > 0 then
  return { 'wait', why, math.ceil(wait) }
end

call('ZREMRANGEBYSCORE', slots, '-inf', now)
if call('ZCARD', slots) >= tonumber(ARGV[3]) then
  return { 'busy', 0 }
end

local lease = tonumber(ARGV[2])
call('ZADD', slots, now + lease, ARGV[1])
if call('PTTL', slots) < lease then
  call('PEXPIRE', slots, lease)
end
for i = 1, windows do
  local n, length, weight = window(i)
  for _ = 1, weight do
    call('LPUSH', KEYS[4 + i], moment)
  end
  call('LTRIM', KEYS[4 + i], 0, n - 1)
  call('PEXPIRE', KEYS[4 + i], length)
end
if ARGV[4] ~= '' then
  call('HINCRBY', counts, 'total', 1)
  call('HSET', counts, 'last', string.format('%.0f', now))
  call('SADD', counted, ARGV[4])
end
return { 'go', moment }
