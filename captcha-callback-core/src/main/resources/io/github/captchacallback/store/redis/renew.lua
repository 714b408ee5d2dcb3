-- KEYS: entry, the four indexes. ARGV: time, member, lease, lease for. Returns 0 lost, 1 held, 2 forgotten.
local entry = read(KEYS[1])
if not entry then
  return { 2 }
end
if entry.lease ~= ARGV[3] or entry.state ~= 'C' then
  return { 0 }
end
entry.ends = now + ARGV[4]
entry.forgotten = math.max(entry.forgotten, entry.ends)
save(KEYS[1], entry, true, 2, ARGV[2])
return { 1 }
