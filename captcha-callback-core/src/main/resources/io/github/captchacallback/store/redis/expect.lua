-- KEYS: entry. ARGV: time, nonce, keep, task id or nothing. Returns 1 expected, 0 known.
-- The nonce stands where the lease of a claim will: by it, a step whose reply was lost recognizes what it has done.
local entry = read(KEYS[1])
if entry then
  return { entry.state == 'E' and entry.lease == ARGV[2] and 1 or 0 }
end
save(KEYS[1], { state = 'E', lease = ARGV[2], ends = 0, forgotten = now + ARGV[3], task = ARGV[4] })
return { 1 }
