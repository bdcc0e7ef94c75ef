-- wrk … -s requests.lua URL -- FILE: the requests of a file in turn, one a line: a path, perhaps a tab and a Range.
require("report")

function init(arguments)
  list = {}
  for line in io.lines(arguments[1]) do
    local path, range = line:match("^([^\t]+)\t?(.*)$")
    list[#list + 1] = wrk.format("GET", path, range ~= "" and { ["Range"] = range } or nil)
  end
  at = 0
end

function request()
  at = at % #list + 1
  return list[at]
end
