-- The batch itself. See quick.lua.

local read = call('MGET', unpack(KEYS, 2))
for i = 2, #KEYS do states[KEYS[i]] = read[i - 1] end

local decide
local answers = {}
for i = 2, #ARGV do
  answers[i - 1] = decide_quickly(ARGV[i])
  if not answers[i - 1] then
    decide = decide or long_way()
    answers[i - 1] = decide(ARGV[i])
  end
end
if ARGV[1] ~= '' then
  call('XADD', KEYS[1], '*', 'k', ARGV[1], 'o', table.concat(notes, ','))
end
return answers
