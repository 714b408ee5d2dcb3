-- KEYS: entry; to keep an answer also the four indexes.
-- ARGV: time, member, lease, lease for, keep, task id, fingerprint, whether unseen keys are allowed, answer, keep answer.
-- Returns 1 claimed, 2 unknown, 3 in progress and the rest of the lease, 4 repeated, 5 settled by another, 6 needs the indexes.
local entry = read(KEYS[1])
if not entry then
  if ARGV[8] ~= '1' then
    return { 2, 0 }
  end
  entry = { state = 'E', lease = '', ends = 0, forgotten = 0 }
end
if entry.task and entry.task ~= ARGV[6] then
  return { 2, 0 }
end
local own = entry.lease == ARGV[3]
if entry.state ~= 'E' and not (own and entry.state == 'C') then
  if entry.answer or entry.state == 'S' then
    return { entry.print == ARGV[7] and 4 or 5, 0 }
  end
  if entry.state == 'R' and own then
    return { 3, 0 }
  end
  if entry.state == 'C' and entry.ends > now then
    return { 3, entry.ends - now }
  end
end
if entry.answer and #KEYS == 1 then
  return { 6, 0 }
end
entry.state, entry.lease, entry.task, entry.print = 'C', ARGV[3], ARGV[6], ARGV[7]
entry.ends = now + ARGV[4]
entry.forgotten = math.max(entry.forgotten, entry.ends, now + ARGV[5])
if ARGV[9] and not entry.answer then
  entry.answer, entry.attempts, entry.accepted, entry.kept = ARGV[9], 1, now, now + ARGV[10]
end
save(KEYS[1], entry, false, 2, ARGV[2])
return { 1, 0 }
