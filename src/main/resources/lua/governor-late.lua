-- A call goes out now, and not when it was allowed to: its places in the windows count from now on.
-- KEYS: a list for each window.
-- ARGV: when it was allowed to, as the windows have it, then n, length in ms and what the call counts as for each window.

local call = redis.call
local time = call('TIME')
local now = string.format('%.3f', tonumber(time[1]) * 1000 + tonumber(time[2]) / 1000)

for i = 1, #KEYS do
  local n, length, weight = ARGV[3 * i - 1], ARGV[3 * i], ARGV[3 * i + 1]
  -- What has the same time is as good.
  call('LREM', KEYS[i], weight, ARGV[1])
  for _ = 1, weight do
    call('LPUSH', KEYS[i], now)
  end
  call('LTRIM', KEYS[i], 0, n - 1)
  call('PEXPIRE', KEYS[i], length)
end
return 1
