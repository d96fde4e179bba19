-- wrk: each request is the next line of a file, "signature<TAB>body"; the last word is one line of figures.
local lines = {}
local at = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    lines[#lines + 1] = line
  end
end

function request()
  at = at % #lines + 1
  local signature, body = lines[at]:match("^(.-)\t(.*)$")
  local headers = { ["Content-Type"] = "application/x-www-form-urlencoded", ["X-Twilio-Signature"] = signature }
  return wrk.format("POST", nil, headers, body)
end

function done(summary, latency)
  local failed = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.status + summary.errors.timeout
  local figures = "figures %d %f %f %f %d\n"
  io.write(figures:format(
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000, failed
  ))
end
