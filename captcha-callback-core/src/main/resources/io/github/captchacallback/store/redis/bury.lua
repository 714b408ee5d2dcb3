-- KEYS: entry, the four indexes. ARGV: time, member, lease, keep, reason. Returns 1 dead, 0 not under this lease.
local entry = read(KEYS[1])
if not entry or not entry.answer or entry.lease ~= ARGV[3] then
  return { 0 }
end
if entry.state == 'C' then
  entry.state, entry.reason = 'D', ARGV[5]
  entry.kept = math.max(entry.kept, now + ARGV[4])
  save(KEYS[1], entry, true, 2, ARGV[2])
end
return { entry.state == 'D' and 1 or 0 }
