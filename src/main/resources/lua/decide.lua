-- Any decision. See quick.lua.

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

local function decide(arg)
  local cost, delay, noted, count, at = unpack_('>ddBB', arg)
  local budgets = {}
  local fits, shadow_fits = true, true
  for i = 1, count do
    local budget
    budget, at = read_plan(KEYS[next_key], arg, at)
    next_key = next_key + 1
    local state = states[budget.key]
    if state == nil or taken[budget.key] then state = call('GET', budget.key) end
    states[budget.key] = nil
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
  local takes = status == '1' and cost > 0
  local answer = {status}
  local plain = count == 1 and not account and #budgets[1].buckets == 0 and not budgets[1].slots and not budgets[1].shadow
  local plan = plain and string.sub(arg, 18) or nil
  for i = 1, count do
    -- What limits that only watch would have refused is not counted in them: they stand as if they were in force.
    local counts = takes and (shadow_fits or not budgets[i].shadow)
    if counts then take(budgets[i], cost, delay) end
    write_state(budgets[i], counts, plan)
    if status ~= 'm' then tell(budgets[i], cost, answer) end
  end
  local note = status
  if status == '0' or takes then
    local refused = refusing(budgets, takes)
    if refused > 0 then note = note .. string.format('!%.0f', refused) end
  end
  if account and status ~= 'm' then
    if takes then account.left = account.left - cost end
    -- A refill that nobody would record is left to the next decision that is recorded.
    if noted == 1 and cost > 0 and (takes or account.changed) then
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

return decide
