-- Telegram wants a pause. It does not say of what: of the chat, or the method where there is no chat; and of the whole bot once two of them pause at a time.
-- KEYS: pauses.
-- ARGV: the pause in ms, its scope, the scope of the whole bot.
-- Answers until when the whole bot pauses, in ms since 1970; 0 if it does not.

local call = redis.call
local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local scope, whole = ARGV[2], ARGV[3]
local others, last = 0, now
local known = call('HGETALL', KEYS[1])
local paused = {}
for i = 1, #known, 2 do
  local moment = tonumber(known[i + 1])
  if moment <= now then
    call('HDEL', KEYS[1], known[i])
  else
    paused[known[i]] = moment
    last = math.max(last, moment)
    if known[i] ~= scope and known[i] ~= whole then others = others + 1 end
  end
end
local function pause(what)
  paused[what] = math.max(paused[what] or 0, now + tonumber(ARGV[1]))
  call('HSET', KEYS[1], what, string.format('%.0f', paused[what]))
  last = math.max(last, paused[what])
end
pause(scope)
if others > 0 then pause(whole) end
call('PEXPIRE', KEYS[1], math.ceil(last - now))
return string.format('%.0f', paused[whole] or 0)
