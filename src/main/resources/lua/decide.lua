-- Decides a batch: for each decision, all limits of all its budgets and its credits admit the cost, or nothing is taken.
-- Appends the note, what the batch was about, with the outcomes to a stream: decision and record are one step.
--
-- KEYS  1     the stream
--       2...  the budgets of the first decision, of the second, and so on; what else belongs to a budget has its key as a prefix
-- ARGV  1     the note; empty: nothing is appended
--       2...  per decision, packed (numbers are doubles, big-endian, counts are bytes):
--             cost (0 peeks), delay, 1 if its outcome belongs into the note (0: not), number of budgets; per budget
--               number of windows (128 more: this budget only watches, and refuses nothing), per window: limit, length in microseconds
--               number of buckets, per bucket: capacity, microseconds per unit
--               number of slot limits (0 or 1): limit, microseconds a slot is held at most, its id (ends with a zero byte)
--             number of credit accounts (0 or 1): refill amount (-1: none), refill period, its key (ends with a zero byte)
-- Gives per decision a string: '1' admitted, '0' refused by a limit, 'c' by credits, 'm' undecided, as the account must be loaded first;
--       then, unless undecided, three doubles for each limit in the order above: units in use afterwards, microseconds until the next is
--       given back (0: none is in use), microseconds until the cost would be admitted (0: it is; infinite: never, as it is above the limit); and of an account what is left in it.
--
-- The outcome in the note is that first letter; '!' and a number tell which limits refused, as the sum of 2^place in the order above from 0: of a
-- decision that was refused those that did, of one that was admitted those that only watch and would have. '+' and '@' tell of a refill.
--
-- A window slides: in any span of its length at most the limit is admitted. Admissions share cells, given back one length
-- after the last of them: never early, and at most 1/60 of the length late. The youngest cell is open, and shared by all windows of a budget:
-- most calls read one string and write its first 40 bytes. Closed cells live in a list for each window, oldest first: units, time, units, time.
-- A decision with a delay may be used that much later (a lease): its units are given back that much later too.
-- Times are microseconds of this server's clock: whole numbers below 2^53, which Lua's doubles hold exactly.
-- window.lua and budget.lua stand before this.

-- Seconds after which the balance of an account that nobody uses is forgotten: by then the ledger has heard of all that was spent.
local ACCOUNT_RESTS = 604800

local function read_account(arg, at)
  local count
  count, at = unpack_('B', arg, at)
  if count == 0 then return nil end
  local account = {refilled = 0}
  account.amount, account.due, account.key = unpack_('>dds', arg, at)
  local state = call('GET', account.key)
  if not state then
    account.missing = true
    return account
  end
  account.left, account.period = unpack_('>dd', state)
  if account.amount >= 0 and account.period < account.due then
    account.refilled = math.max(account.amount - account.left, 0)
    account.left = account.left + account.refilled
    account.period = account.due
    account.changed = true
  end
  return account
end

local next_key = 2
local notes = {}

-- By the number of windows.
local PLAN, STATE, ANSWER = {}, {}, {}
for i = 1, 4 do
  PLAN[i] = '>ddBBB' .. string.rep('d', 2 * i)
  STATE[i] = '>' .. string.rep('d', 6 + 5 * i)
  ANSWER[i] = '>' .. string.rep('d', 3 * i)
end

-- What most decisions are: one budget of nothing but windows, all of which admit within the time of the open cell. The same as the long
-- way below, but without a table for each thing. Gives nothing, and has changed nothing, where the long way must be taken.
local function decide_quickly(arg)
  local count = (#arg - 22) / 16
  if not PLAN[count] then return nil end
  local plan = {unpack_(PLAN[count], arg)}
  local cost, delay = plan[1], plan[2]
  if plan[4] ~= 1 or plan[5] ~= count or cost == 0 then return nil end
  local key = KEYS[next_key]
  local state = call('GET', key)
  if not state or #state ~= 48 + 40 * count then return nil end
  local held = {unpack_(STATE[count], state)}
  local first, last, units = held[3], math.max(held[4], clock + delay), held[5]
  if held[2] ~= 0 or clock < held[1] or units == 0 then return nil end
  local answer = {}
  local shortest, longest = plan[7], 0
  for i = 1, count do
    local length = plan[5 + 2 * i]
    local closed, oldest = held[2 + 5 * i], held[3 + 5 * i]
    local used = closed + units + cost
    if used > plan[4 + 2 * i] or held[4] + length <= clock then return nil end
    if closed == 0 then
      oldest = last
    elseif oldest + length <= clock then
      return nil
    end
    if length < shortest then shortest = length end
    if length > longest then longest = length end
    answer[3 * i - 2], answer[3 * i - 1], answer[3 * i] = used, oldest + length - clock, 0
  end
  if clock - first >= shortest / CELLS_PER_WINDOW or last + longest > held[6] then return nil end
  call('SETRANGE', key, 0, pack_(OPEN, clock, 0, first, last, units + cost))
  next_key = next_key + 1
  if plan[3] == 1 then notes[#notes + 1] = '1' end
  return '1' .. pack_(ANSWER[count], unpack(answer))
end

local function decide(arg)
  local cost, delay, noted, count, at = unpack_('>ddBB', arg)
  local budgets = {}
  local fits, shadow_fits = true, true
  for i = 1, count do
    local budget
    budget, at = read_plan(KEYS[next_key], arg, at)
    next_key = next_key + 1
    local state = call('GET', budget.key)
    if state then read_state(budget, state) end
    bring_up(budget)
    if not admits(budget, cost) then
      if budget.shadow then shadow_fits = false else fits = false end
    end
    budgets[i] = budget
  end
  local account = read_account(arg, at)
  local status = fits and '1' or '0'
  if account and account.missing then
    status = 'm'
  elseif fits and account and cost > 0 and account.left < cost then
    status = 'c'
  end
  local taken = status == '1' and cost > 0
  local answer = {status}
  for i = 1, count do
    -- What limits that only watch would have refused is not counted in them: they stand as if they were in force.
    local takes = taken and (shadow_fits or not budgets[i].shadow)
    if takes then take(budgets[i], cost, delay) end
    write_state(budgets[i], takes)
    if status ~= 'm' then tell(budgets[i], cost, answer) end
  end
  local note = status
  if status == '0' or taken then
    local refused = refusing(budgets, taken)
    if refused > 0 then note = note .. string.format('!%.0f', refused) end
  end
  if account and status ~= 'm' then
    if taken then account.left = account.left - cost end
    -- A refill that nobody would record is left to the next decision that is recorded.
    if noted == 1 and cost > 0 and (taken or account.changed) then
      call('SET', account.key, pack_('>dd', account.left, account.period), 'EX', ACCOUNT_RESTS)
      -- Also one that added nothing, as nothing was missing: its period has been served.
      if account.changed then
        note = note .. string.format('+%.0f@%.0f', account.refilled, account.period)
      end
    end
    answer[#answer + 1] = pack_('>d', account.left)
  end
  if noted == 1 then notes[#notes + 1] = note end
  return table.concat(answer)
end

local answers = {}
for i = 2, #ARGV do answers[i - 1] = decide_quickly(ARGV[i]) or decide(ARGV[i]) end
if ARGV[1] ~= '' then
  call('XADD', KEYS[1], '*', 'k', ARGV[1], 'o', table.concat(notes, ','))
end
return answers
