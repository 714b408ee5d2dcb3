-- KEYS: entry. ARGV: time. Returns 1 forgotten, 0 claimed or unknown.
local entry = read(KEYS[1])
local open = entry and not entry.answer
  and (entry.state == 'E' or entry.state == 'R' or (entry.state == 'C' and entry.ends <= now))
if open then
  redis.call('DEL', KEYS[1])
end
return { open and 1 or 0 }
