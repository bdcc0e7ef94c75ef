-- One line for the driver: "measured REQUESTS SECONDS FAILED". Required by the other scripts, or loaded by itself.
function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("measured %d %.6f %d\n", summary.requests, summary.duration / 1e6,
    e.connect + e.read + e.write + e.timeout + e.status))
end
