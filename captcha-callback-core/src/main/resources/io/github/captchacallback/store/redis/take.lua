-- KEYS: the four indexes, what the lease has taken, entries. ARGV: time, lease, lease for, members.
-- Returns member, task id, answer, attempts and age of each answer that was taken.
local taken = {}
for i = 6, #KEYS do
  local entry, member = read(KEYS[i]), ARGV[i - 2]
  if not entry or not entry.answer then
    -- It was evicted, or removed by hand.
    index(1, member, nil)
  else
    local own = entry.state == 'C' and entry.lease == ARGV[2]
    local due = entry.state ~= 'D' and entry.ends <= now and entry.lease ~= ARGV[2]
    if own or due then
      entry.attempts = own and entry.attempts or entry.attempts + 1
      entry.state, entry.lease, entry.ends = 'C', ARGV[2], now + ARGV[3]
      entry.forgotten = math.max(entry.forgotten, entry.ends)
      save(KEYS[i], entry, true, 1, member)
      redis.call('SADD', KEYS[5], member)
      table.insert(taken, { member, entry.task, entry.answer, entry.attempts, now - entry.accepted })
    end
  end
end
if #taken > 0 then
  -- A call whose reply was lost is repeated within seconds.
  redis.call('PEXPIRE', KEYS[5], whole(2 * ARGV[3] + GRACE))
end
return taken
