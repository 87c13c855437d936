-- SPDX-License-Identifier: Apache-2.0
-- Copyright the cups-release authors
-- wrk -s wrk.lua URL -- list|login|password|get FILE
-- FILE has lines "TOKEN SESSION CARD", for password "TOKEN NAME PASSWORD"; each request is made ready beforehand,
-- so that the three kinds cost the client the same.
local requests, n, at = {}, 0, 0

local function body_of(kind, session, card)
	if kind == "list" then
		return '{"op":"list","session_id":"' .. session .. '"}'
	end
	if kind == "password" then
		return '{"op":"login","credential":{"method":"password",' ..
		    '"user":"' .. session .. '","password":"' .. card ..
		    '"}}'
	end
	return '{"op":"login","credential":{"method":"card","value":"' ..
	    card .. '","encoding":"hex"}}'
end

function init(args)
	local kind, file = args[1], args[2]

	for line in io.lines(file) do
		local token, session, card = line:match("(%S+) (%S+) (%S+)")
		local headers = {
			["Authorization"] = "Bearer " .. token,
			["Content-Type"] = "application/json"
		}

		if kind == "get" then
			requests[#requests + 1] = wrk.format("GET", nil,
			    headers)
		else
			requests[#requests + 1] = wrk.format("POST",
			    "/opdp/v1/panel/action", headers,
			    body_of(kind, session, card))
		end
	end
	n = #requests
end

function request()
	at = at % n + 1
	return requests[at]
end

-- requests/s, p50 ms, p99 ms, requests, what went wrong
function done(summary, latency)
	local e = summary.errors

	io.write(string.format("RESULT %.0f %.2f %.2f %d %d\n",
	    summary.requests / (summary.duration / 1e6),
	    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
	    summary.requests,
	    e.connect + e.read + e.write + e.status + e.timeout))
end
