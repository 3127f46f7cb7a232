-- The cells of a window. See quick.lua.

local CHUNK = 64

local function list_of(budget, i)
  return budget.key .. ':' .. i
end

-- Redis evicted the list: what it still has is what counts.
local function recount(list, window)
  local cells = call('LRANGE', list, 0, -1)
  window.closed = window.units
  for i = 1, #cells, 2 do window.closed = window.closed + cells[i] end
end

-- Takes expired cells off the head. Each cell is taken once, so this is constant work per admission on average.
local function drop_expired(list, window, now)
  local size = 4
  local cells = call('LRANGE', list, 0, size - 1)
  if (tonumber(cells[2]) or window.last) ~= window.oldest then recount(list, window) end
  repeat
    local taken = 0
    while taken < #cells and cells[taken + 2] + window.length <= now do
      window.closed = window.closed - cells[taken + 1]
      taken = taken + 2
    end
    if taken > 0 then call('LTRIM', list, taken, -1) end
    window.oldest = tonumber(cells[taken + 2]) or window.last
    local more = taken > 0 and taken == size
    if more then
      size = CHUNK
      cells = call('LRANGE', list, 0, size - 1)
    end
  until not more
  if window.last + window.length <= now then window.closed, window.units = 0, 0 end
end

-- Adds the open cell, which closes, to a window: to its youngest closed cell while that is short enough, which goes into the list else.
local function fold(list, window, budget)
  if budget.last + window.length <= budget.now then return end
  if window.closed == 0 then
    call('DEL', list)
    window.units, window.first, window.last, window.oldest = 0, budget.first, 0, budget.last
  elseif window.units > 0 and budget.first - window.first >= window.length / CELLS_PER_WINDOW then
    call('RPUSH', list, window.units, window.last)
    call('PEXPIRE', list, math.ceil((math.max(window.last - budget.now, 0) + window.length) / 1000) + 1000)
    window.units, window.first = 0, budget.first
  elseif window.closed == window.units then
    window.oldest = math.max(window.last, budget.last)
  end
  window.last = math.max(window.last, budget.last)
  window.units = window.units + budget.units
  window.closed = window.closed + budget.units
end

-- When a number of units will have been given back: the time of the cell that completes it, as a delay from now.
local function delay_until_freed(list, window, budget, units)
  if window.closed > window.units then
    local from = 0
    while from >= 0 do
      local cells = call('LRANGE', list, from, from + CHUNK - 1)
      for i = 1, #cells, 2 do
        units = units - cells[i]
        if units <= 0 then return cells[i + 1] + window.length - budget.now end
      end
      from = #cells < CHUNK and -1 or from + CHUNK
    end
  end
  if window.closed > 0 then
    units = units - window.units
    if units <= 0 then return window.last + window.length - budget.now end
  end
  return budget.last + window.length - budget.now
end
