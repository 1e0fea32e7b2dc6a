-- One kind of request, from the environment: BENCH_METHOD, BENCH_PATH, BENCH_BODY. In the path, or else in the body, {key} is a
-- random key from 1 to BENCH_ROWS, written by BENCH_KEY_FORMAT. A key in the body must take five characters, as {key} does.
dofile(debug.getinfo(1, "S").source:match("@(.*/)") .. "result.lua")

local seed = os.time()
function setup(thread)
  seed = seed + 1
  thread:set("seed", seed)
end

local rows = tonumber(os.getenv("BENCH_ROWS") or "1")
local key_format = os.getenv("BENCH_KEY_FORMAT") or "%d"
local before, after

function init()
  math.randomseed(seed)
  wrk.method = os.getenv("BENCH_METHOD") or "GET"
  wrk.body = os.getenv("BENCH_BODY")
  -- Formatted once: the generator shares its cores with what it measures.
  local text = wrk.format(nil, os.getenv("BENCH_PATH"))
  before, after = text:match("^(.-){key}(.*)$")
  if before == nil then
    before, after = text, nil
  end
end

function request()
  if after == nil then
    return before
  end
  return before .. key_format:format(math.random(rows)) .. after
end
