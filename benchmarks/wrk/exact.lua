-- A known number of requests: each thread has one connection and stops after BENCH_COUNT answers, so that none is cut off.
-- Reads a row, a table that is not there, and inserts, in turn.
dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "result.lua")

local count = tonumber(os.getenv("BENCH_COUNT"))
local sent, answered = 0, 0
local requests

function init()
  requests = {
    wrk.format("GET", "/rest/v1/counted?id=eq.1"),
    wrk.format("GET", "/rest/v1/is_not_there"),
    wrk.format("POST", "/rest/v1/counted", nil, '{"name":"one"}'),
  }
end

function request()
  sent = sent + 1
  return requests[(sent - 1) % 3 + 1]
end

function response()
  answered = answered + 1
  if answered == count then
    wrk.thread:stop()
  end
end
