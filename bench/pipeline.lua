-- wrk … -s pipeline.lua URL -- DEPTH: so many requests in one write.
require("report")

function init(arguments)
  batch = wrk.format():rep(tonumber(arguments[1]))
end

function request()
  return batch
end
