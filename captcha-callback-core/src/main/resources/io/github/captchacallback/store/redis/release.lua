-- KEYS: entry, the four indexes. ARGV: time, member, lease. Returns 1 released, 0 not under this lease.
local entry = read(KEYS[1])
if not entry or entry.lease ~= ARGV[3] then
  return { 0 }
end
if entry.state == 'C' then
  entry.state = 'R'
  if entry.answer then
    entry.ends, entry.attempts = now, entry.attempts - 1
  else
    entry.ends, entry.print = 0, nil
  end
  save(KEYS[1], entry, true, 2, ARGV[2])
end
return { entry.state == 'R' and 1 or 0 }
