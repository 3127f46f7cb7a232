-- Decides several sliding windows of one subject together: all of them admit the cost, or nothing is counted.
--
-- KEYS  1      a hash: one field per window, holding its state, and the field 'until'
--       2...   per window the list of its closed cells: units, time, units, time, oldest first
-- ARGV  1      the cost; 0 peeks
--       then per window: field name, limit, length in microseconds
-- Gives per window three doubles, big-endian: units in use afterwards, microseconds until the next of them is given back
--       (0: none is in use), microseconds until the cost would be admitted (0: this window admits it now).
--       One string, because Redis takes longer to write an array of nine numbers than to decide.
--
-- A cell merges the admissions of 1/600 of the window's length and is given back one length after its last admission: a lone
-- admission exactly on time, no admission ever early. The youngest cell lives in the state, so that most calls touch no list.
-- Times are microseconds of this server's clock: whole numbers below 2^53, which Lua's doubles hold exactly.

local CELLS_PER_WINDOW = 600
local CHUNK = 64
local STATE = '>dddddd'

local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local hash = KEYS[1]
local cost = tonumber(ARGV[1])

-- Redis evicted the list: what it still has is what counts.
local function recount(window)
  local cells = redis.call('LRANGE', window.list, 0, -1)
  window.closed = 0
  for i = 1, #cells, 2 do window.closed = window.closed + cells[i] end
end

-- Takes expired cells off the head of the list. Each cell is taken once, so this is constant work per admission on average.
local function drop_expired(window)
  local size = 4
  local cells = redis.call('LRANGE', window.list, 0, size - 1)
  if tonumber(cells[2]) ~= window.oldest then recount(window) end
  repeat
    local taken = 0
    while taken < #cells and cells[taken + 2] + window.length <= window.now do
      window.closed = window.closed - cells[taken + 1]
      taken = taken + 2
    end
    if taken > 0 then redis.call('LTRIM', window.list, taken, -1) end
    window.oldest = tonumber(cells[taken + 2]) or 0
    local more = taken == size
    if more then
      size = CHUNK
      cells = redis.call('LRANGE', window.list, 0, size - 1)
    end
  until not more
end

-- When a number of units will have been given back: the time of the cell that completes it, as a delay from now.
local function delay_until_freed(window, units)
  local from = 0
  while units > 0 and from >= 0 do
    local cells = redis.call('LRANGE', window.list, from, from + CHUNK - 1)
    for i = 1, #cells, 2 do
      units = units - cells[i]
      if units <= 0 then return cells[i + 1] + window.length - window.now end
    end
    from = #cells < CHUNK and -1 or from + CHUNK
  end
  return window.last + window.length - window.now
end

local function load(i, packed)
  local argument = 3 * i - 1
  local window = {
    field = ARGV[argument], limit = tonumber(ARGV[argument + 1]), length = tonumber(ARGV[argument + 2]), list = KEYS[i + 1],
    closed = 0, oldest = 0, first = 0, last = 0, count = 0, shift = 0, now = now, changed = false,
  }
  if not packed then return window end
  window.closed, window.oldest, window.first, window.last, window.count, window.shift = struct.unpack(STATE, packed)
  window.now = now + window.shift
  if window.now < window.last and window.closed + window.count > 0 then
    -- The clock was set back. The window's own time goes on from its last admission: nothing is freed early, nothing locked up.
    window.shift = window.last - now
    window.now = window.last
    window.changed = true
  end
  if window.last + window.length <= window.now then
    if window.closed > 0 then redis.call('DEL', window.list) end
    window.closed, window.count, window.shift, window.now, window.changed = 0, 0, 0, now, true
  elseif window.closed > 0 and window.oldest + window.length <= window.now then
    drop_expired(window)
    window.changed = true
  end
  return window
end

local function admit(window)
  if window.count > 0 and window.now - window.first >= window.length / CELLS_PER_WINDOW then
    if window.closed == 0 then
      redis.call('DEL', window.list)
      window.oldest = window.last
    end
    redis.call('RPUSH', window.list, window.count, window.last)
    redis.call('PEXPIRE', window.list, math.ceil(window.length / 1000) + 1000)
    window.closed = window.closed + window.count
    window.count = 0
  end
  if window.count == 0 then window.first = window.now end
  window.count = window.count + cost
  window.last = window.now
  window.changed = true
end

local windows = {}
local longest = 0
local admitted = true
local fields = {'until'}
for i = 1, #KEYS - 1 do fields[i + 1] = ARGV[3 * i - 1] end
local states = redis.call('HMGET', hash, unpack(fields))
for i = 1, #KEYS - 1 do
  local window = load(i, states[i + 1])
  windows[i] = window
  longest = math.max(longest, window.length)
  window.fits = cost == 0 or window.closed + window.count + cost <= window.limit
  admitted = admitted and window.fits
end

local writes = {}
local answer = {}
for _, window in ipairs(windows) do
  local delay = 0
  if admitted and cost > 0 then
    admit(window)
  elseif not window.fits then
    delay = window.length
    if cost <= window.limit then delay = delay_until_freed(window, window.closed + window.count + cost - window.limit) end
  end
  if window.changed then
    writes[#writes + 1] = window.field
    writes[#writes + 1] = struct.pack(STATE, window.closed, window.oldest, window.first, window.last, window.count, window.shift)
  end
  local used = window.closed + window.count
  local reset = 0
  if used > 0 then reset = (window.closed > 0 and window.oldest or window.last) + window.length - window.now end
  answer[#answer + 1] = used
  answer[#answer + 1] = reset
  answer[#answer + 1] = delay
end
if #writes > 0 then
  -- The hash outlives its longest window by up to a quarter, so that most calls need not move its expiry.
  local expires = tonumber(states[1] or 0)
  local extends = expires < now + longest
  if extends then
    expires = now + longest * 1.25
    writes[#writes + 1] = 'until'
    writes[#writes + 1] = string.format('%.0f', expires)
  end
  redis.call('HSET', hash, unpack(writes))
  if extends then redis.call('PEXPIRE', hash, math.ceil((expires - now) / 1000)) end
end
return struct.pack('>' .. string.rep('d', #answer), unpack(answer))
