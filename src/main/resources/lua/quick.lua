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
--       given back (0: none is in use), microseconds until the cost would be admitted (0: it is; infinite: never, as it is above the limit); and of an account what is left in it. Or 'q', admitted the quick way, and what all of that follows from: units in the open cell, this moment,
--       the open cell's last moment, then the state as it was.
--
-- A state is units of the open cell, when it was last written, the open cell's last moment; until when the quick way may be taken, and up to how many units;
-- by how much the budget's own time is ahead of the clock, the open cell's first moment, when it expires; for each window units in closed cells, when the oldest of them was
-- last written, then of the youngest closed cell first moment, last moment, units; for each bucket when it is empty; the plan, where the quick way may be taken: the question
-- from the number of budgets on.
-- Whoever changes that must let keys begin otherwise (Budget): what another version has written would be misread.
--
-- The outcome in the note is that first letter; '!' and a number tell which limits refused, as the sum of 2^place in the order above from 0: of a
-- decision that was refused those that did, of one that was admitted those that only watch and would have. '+' and '@' tell of a refill.
--
-- A window slides: in any span of its length at most the limit is admitted. Admissions share cells, given back one length
-- after the last of them: never early, and at most 1/60 of the length late. The youngest cell is open, and shared by all windows of a budget:
-- most calls read one string and write its first 24 bytes. Closed cells live in a list for each window, oldest first: units, time, units, time.
-- A decision with a delay may be used that much later (a lease): its units are given back that much later too.
-- Times are microseconds of this server's clock: whole numbers below 2^53, which Lua's doubles hold exactly.
--
-- This is the first part: the clock, and the way of most decisions. The long way follows, window.lua, budget.lua and decide.lua in one function: most
-- batches do without it, and to make its functions would cost each of them a tenth of its time. Last comes batch.lua.

local CELLS_PER_WINDOW = 60
local OPEN, SHUT, WINDOW = '>ddd', '>ddddd', '>ddddd'

local call, unpack_, pack_ = redis.call, struct.unpack, struct.pack
local time = call('TIME')
local clock = time[1] * 1000000 + time[2]

local next_key = 2
local notes = {}

-- By key, as they were before this batch; none of those that it has changed the long way.
local states = {}
-- Units of the open cell, of those that it has changed the quick way.
local taken = {}

-- What most decisions are: one budget of nothing but windows, which are as they were when its state was written, all but the open cell. The
-- same as the long way below, but without a table for each thing. Gives nothing, and has changed nothing, where the long way must be taken.
local function decide_quickly(arg)
  local key = KEYS[next_key]
  local state = states[key]
  if not state then return nil end
  local units, seen, last, till, room = unpack_('>ddddd', state)
  local cost, delay, noted = unpack_('>ddB', arg)
  units = (taken[key] or units) + cost
  if clock < seen or clock >= till or units > room or cost == 0 or delay ~= 0 then return nil end
  local plan = string.sub(arg, 18)
  if #state ~= 51.5 + 3.5 * #plan or string.sub(state, -#plan) ~= plan then return nil end
  if clock > last then last = clock end
  call('SETRANGE', key, 0, pack_(OPEN, units, clock, last))
  taken[key] = units
  next_key = next_key + 1
  if noted == 1 then notes[#notes + 1] = '1' end
  return 'q' .. pack_('>ddd', units, clock, last) .. state
end

