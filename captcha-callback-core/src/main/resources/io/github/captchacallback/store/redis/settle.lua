-- KEYS: entry, the four indexes. ARGV: time, member, lease. Returns 1 settled, 0 not under this lease.
local entry = read(KEYS[1])
if not entry or entry.lease ~= ARGV[3] then
  return { 0 }
end
if entry.state == 'C' then
  entry.state, entry.answer = 'S', nil
  save(KEYS[1], entry, true, 2, ARGV[2])
end
return { entry.state == 'S' and 1 or 0 }
