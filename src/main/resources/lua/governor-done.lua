-- A call has ended: its slot is free, and it is counted by day and method. Where the slot was given back before, all of that was done.
-- KEYS: slots, counts, bots with counts, recent calls.
-- ARGV: slot, bot (nothing: it is not counted), method, status (0 for no answer), how long it took in µs, recent calls kept, for how many seconds.

local call = redis.call
local time = call('TIME')
local seconds = tonumber(time[1])
local method, status, micros = ARGV[3], tonumber(ARGV[4]), tonumber(ARGV[5])
local prefix = math.floor(seconds / 86400) .. ':' .. method .. ':'

if call('ZREM', KEYS[1], ARGV[1]) == 0 or ARGV[2] == '' then return 0 end
call('SADD', KEYS[3], ARGV[2])
call('HINCRBY', KEYS[2], prefix .. 'calls', 1)
call('HINCRBY', KEYS[2], prefix .. 'micros', micros)
if status == 429 then
  call('HINCRBY', KEYS[2], prefix .. 'limited', 1)
elseif status ~= 200 then
  call('HINCRBY', KEYS[2], prefix .. 'errors', 1)
end
if micros > tonumber(call('HGET', KEYS[2], prefix .. 'longest') or -1) then
  call('HSET', KEYS[2], prefix .. 'longest', micros)
end
call('LPUSH', KEYS[4], string.format('%.0f', seconds * 1000 + math.floor(tonumber(time[2]) / 1000)) .. ' ' .. method .. ' ' .. status .. ' ' .. micros)
call('LTRIM', KEYS[4], 0, tonumber(ARGV[6]) - 1)
call('EXPIRE', KEYS[4], ARGV[7])
return 1
