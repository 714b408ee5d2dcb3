-- KEYS: entry, the four indexes. ARGV: time, member, keep. Returns 1 due now, 0 was not dead.
local entry = read(KEYS[1])
if not entry or not entry.answer or entry.state ~= 'D' then
  return { 0 }
end
entry.state, entry.ends, entry.attempts, entry.reason = 'R', now, 0, nil
entry.kept = math.max(entry.kept, now + ARGV[3])
save(KEYS[1], entry, true, 2, ARGV[2])
return { 1 }
