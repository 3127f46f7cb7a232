-- Spreads wrk's requests over many tokens, and says what came of them in one line.
-- Arguments: a file with one token a line, the method, the path, the body; in a body, $TOKEN stands for the token.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  local file, method, path, body = arguments[1], arguments[2], arguments[3], arguments[4]
  requests = {}
  for token in io.lines(file) do
    local headers = { Authorization = "Bearer " .. token, Accept = "application/json" }
    local text
    if body and body ~= "" then
      headers["Content-Type"] = "application/json"
      text = body:gsub("$TOKEN", token)
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
