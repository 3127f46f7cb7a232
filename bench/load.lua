-- Spreads wrk's requests over many tokens, and says what came of them in one line.
-- Arguments: a file with one token a line, the method, the path, the body, who asks; in a body, $TOKEN stands for the token, and
-- $BATCH for 100 questions about as many tokens. Nobody asks: the token itself is in Authorization.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

local function content(body, tokens, from)
  local batch = {}
  if body:find("$BATCH", 1, true) then
    for i = 0, 99 do
      batch[#batch + 1] = '{"token":"' .. tokens[(from + i - 1) % #tokens + 1] .. '"}'
    end
  end
  return (body:gsub("$TOKEN", tokens[from]):gsub("$BATCH", table.concat(batch, ",")))
end

function init(arguments)
  local file, method, path, body, caller = unpack(arguments)
  local tokens = {}
  for token in io.lines(file) do
    tokens[#tokens + 1] = token
  end
  local step = body:find("$BATCH", 1, true) and 100 or 1
  requests = {}
  for from = 1, #tokens, step do
    local asks = caller ~= "" and caller or tokens[from]
    local headers = { Authorization = "Bearer " .. asks, Accept = "application/json" }
    local text
    if body ~= "" then
      headers["Content-Type"] = body:sub(1, 1) == "{" and "application/json" or "application/x-www-form-urlencoded"
      text = content(body, tokens, from)
    end
    requests[#requests + 1] = wrk.format(method, path, headers, text)
  end
  -- Each thread begins elsewhere, so that they do not walk through the tokens side by side.
  position = number * 997
end

function request()
  position = position % #requests + 1
  return requests[position]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("done %d %d %d %d %d %d %d %d %d\n",
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect, errors.read + errors.write, errors.timeout))
end
