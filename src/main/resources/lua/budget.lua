-- The limits of one subject. See quick.lua.

-- Added to the number of windows of a budget that only watches.
local SHADOW = 128

local function read_state(budget, state)
  local windows, quick_until, room, at = budget.windows
  budget.units, budget.seen, budget.last, at = unpack_(OPEN, state)
  quick_until, room, budget.shift, budget.first, budget.expires, at = unpack_(SHUT, state, at)
  for i = 1, #windows do
    local window = windows[i]
    window.closed, window.oldest, window.first, window.last, window.units, at = unpack_(WINDOW, state, at)
  end
  for i = 1, #budget.buckets do
    budget.buckets[i].full, at = unpack_('>d', state, at)
  end
end

-- Brings the budget to this moment.
local function bring_up(budget)
  local windows, longest = budget.windows, 0
  for i = 1, #windows do
    if windows[i].length > longest then longest = windows[i].length end
  end
  budget.now = clock + budget.shift
  if budget.now < budget.seen then
    -- The clock was set back. The budget's own time goes on from its last admission: nothing is freed early, nothing locked up.
    budget.shift = budget.seen - clock
    budget.now = budget.seen
    budget.changed = true
  end
  local now = budget.now
  if budget.last + longest <= now then
    for i = 1, #windows do
      if windows[i].closed > 0 then
        call('DEL', list_of(budget, i))
        windows[i].closed, windows[i].units = 0, 0
        budget.changed = true
      end
    end
    -- Also where nothing is taken now: should the clock be set back, what was over does not come back.
    if budget.units > 0 then
      budget.units = 0
      budget.changed = true
    end
    if budget.shift ~= 0 and #budget.buckets == 0 then
      budget.shift, budget.seen, budget.last, budget.now, budget.changed = 0, 0, 0, clock, true
    end
    return
  end
  if budget.units > 0 and now - budget.first >= budget.cell then
    for i = 1, #windows do fold(list_of(budget, i), windows[i], budget) end
    budget.units = 0
    budget.changed = true
  end
  for i = 1, #windows do
    local window = windows[i]
    if window.closed > 0 and window.oldest + window.length <= now then
      drop_expired(list_of(budget, i), window, now)
      budget.changed = true
    end
  end
end

local function read_plan(key, arg, at)
  local budget = {key = key, windows = {}, buckets = {}, seen = 0, shift = 0, first = 0, last = 0, units = 0, expires = 0, cell = 0}
  local count
  count, at = unpack_('B', arg, at)
  if count >= SHADOW then
    budget.shadow = true
    count = count - SHADOW
  end
  local shortest = 0
  for i = 1, count do
    local limit, length
    limit, length, at = unpack_('>dd', arg, at)
    budget.windows[i] = {limit = limit, length = length, closed = 0, oldest = 0, first = 0, last = 0, units = 0}
    if shortest == 0 or length < shortest then shortest = length end
  end
  budget.cell = shortest / CELLS_PER_WINDOW
  count, at = unpack_('B', arg, at)
  for i = 1, count do
    local capacity, interval
    capacity, interval, at = unpack_('>dd', arg, at)
    budget.buckets[i] = {capacity = capacity, interval = interval, full = 0}
  end
  count, at = unpack_('B', arg, at)
  if count > 0 then
    local slots = {}
    slots.limit, slots.held, slots.id, at = unpack_('>dds', arg, at)
    budget.slots = slots
  end
  return budget, at
end

local function used_in(window, budget)
  if budget.units > 0 and budget.last + window.length > budget.now then return window.closed + budget.units end
  return window.closed
end

-- Whether every limit of the budget admits the cost. Takes nothing.
local function admits(budget, cost)
  local fits = true
  for i = 1, #budget.windows do
    local window = budget.windows[i]
    window.used = used_in(window, budget)
    window.refuses = cost > 0 and window.used + cost > window.limit
    if window.refuses then fits = false end
  end
  for i = 1, #budget.buckets do
    local bucket = budget.buckets[i]
    local full = math.max(bucket.full, budget.now)
    bucket.refuses = cost > 0 and full + cost * bucket.interval - budget.now > bucket.capacity * bucket.interval
    if bucket.refuses then fits = false end
  end
  local slots = budget.slots
  if slots then
    slots.key = budget.key .. ':slots'
    call('ZREMRANGEBYSCORE', slots.key, '-inf', clock)
    slots.used = call('ZCARD', slots.key)
    slots.refuses = cost > 0 and slots.used >= slots.limit
    if slots.refuses then fits = false end
  end
  return fits
end

local function take(budget, cost, delay)
  local now = budget.now
  if #budget.windows > 0 then
    if budget.units == 0 then
      budget.first = now
      budget.changed = true
    end
    budget.units = budget.units + cost
    if now + delay > budget.last then budget.last = now + delay end
    for i = 1, #budget.windows do budget.windows[i].used = budget.windows[i].used + cost end
  end
  for i = 1, #budget.buckets do
    local bucket = budget.buckets[i]
    bucket.full = math.max(bucket.full, now + delay) + cost * bucket.interval
    budget.changed = true
  end
  budget.seen = now
  local slots = budget.slots
  if slots then
    call('ZADD', slots.key, clock + slots.held, slots.id)
    -- Only ever later: slots that were taken under a longer lease may still be held.
    local lasts = math.ceil(slots.held / 1000) + 1000
    if call('PTTL', slots.key) < lasts then call('PEXPIRE', slots.key, lasts) end
    slots.used = slots.used + 1
  end
end

-- Until when, and up to how many units, the open cell takes what is asked with the same plan without a look at anything else.
local function quick_way(budget)
  local till = math.min(budget.first + budget.cell, budget.expires)
  local room = math.huge
  for i = 1, #budget.windows do
    local window = budget.windows[i]
    room = math.min(room, window.limit - window.closed)
    till = math.min(till, budget.expires - window.length)
    if window.closed > 0 then till = math.min(till, window.oldest + window.length) end
  end
  return till, room
end

-- @param plan of a budget of nothing but windows, which stands alone; nil of all others
local function write_state(budget, taken, plan)
  if not taken and not budget.changed then return end
  if #budget.windows + #budget.buckets == 0 then return end
  local open = pack_(OPEN, budget.units, budget.seen, budget.last)
  local lasts = math.max(budget.last, budget.now)
  for i = 1, #budget.windows do lasts = math.max(lasts, math.max(budget.last, budget.now) + budget.windows[i].length) end
  for i = 1, #budget.buckets do lasts = math.max(lasts, budget.buckets[i].full) end
  local extends = budget.expires < lasts
  if not extends and not budget.changed then
    call('SETRANGE', budget.key, 0, open)
    return
  end
  -- It outlives its longest window by up to a quarter, so that most calls need not move its end.
  if extends then budget.expires = budget.now + (lasts - budget.now) * 1.25 end
  local till, room = 0, 0
  if plan and budget.units > 0 and budget.shift == 0 then till, room = quick_way(budget) end
  local parts = {open, pack_(SHUT, till, room, budget.shift, budget.first, budget.expires)}
  for i = 1, #budget.windows do
    local window = budget.windows[i]
    parts[#parts + 1] = pack_(WINDOW, window.closed, window.oldest, window.first, window.last, window.units)
  end
  for i = 1, #budget.buckets do parts[#parts + 1] = pack_('>d', budget.buckets[i].full) end
  parts[#parts + 1] = plan
  call('SET', budget.key, table.concat(parts), 'PX', math.ceil((budget.expires - budget.now) / 1000) + 1000)
end

-- The places of the limits that refuse, as a sum of powers of two: of those that only watch, or of the others.
local function refusing(budgets, shadow)
  local sum, bit = 0, 1
  for _, budget in ipairs(budgets) do
    local counts = shadow == (budget.shadow or false)
    for _, limits in ipairs({budget.windows, budget.buckets, {budget.slots}}) do
      for _, limit in ipairs(limits) do
        if counts and limit.refuses then sum = sum + bit end
        bit = bit * 2
      end
    end
  end
  return sum
end

local function tell(budget, cost, answer)
  local now = budget.now
  for i = 1, #budget.windows do
    local window = budget.windows[i]
    local reset, wait = 0, 0
    if window.used > 0 then reset = (window.closed > 0 and window.oldest or budget.last) + window.length - now end
    if window.refuses then
      wait = math.huge
      if cost <= window.limit then
        wait = delay_until_freed(list_of(budget, i), window, budget, window.used + cost - window.limit)
      end
    end
    answer[#answer + 1] = pack_('>ddd', window.used, reset, wait)
  end
  for i = 1, #budget.buckets do
    local bucket = budget.buckets[i]
    local debt = math.max(bucket.full - now, 0)
    local wait = 0
    if bucket.refuses then
      wait = math.huge
      if cost <= bucket.capacity then wait = debt + (cost - bucket.capacity) * bucket.interval end
    end
    local reset = 0
    if debt > 0 then reset = debt - (math.ceil(debt / bucket.interval) - 1) * bucket.interval end
    answer[#answer + 1] = pack_('>ddd', math.ceil(debt / bucket.interval), reset, wait)
  end
  local slots = budget.slots
  if slots then
    local reset = 0
    if slots.used > 0 then
      local soonest = call('ZRANGE', slots.key, 0, 0, 'WITHSCORES')
      if soonest[2] then reset = soonest[2] - clock end
    end
    local wait = 0
    if slots.refuses then wait = reset > 0 and slots.limit > 0 and reset or math.huge end
    answer[#answer + 1] = pack_('>ddd', slots.used, reset, wait)
  end
end
