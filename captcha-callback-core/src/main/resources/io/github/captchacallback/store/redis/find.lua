-- KEYS: entry. ARGV: time. Returns nothing, or the state, what remains, attempts, age or -1, task id, reason.
-- States: 0 expected, 1 in progress, 2 waiting, 3 settled, 4 dead.
local entry = read(KEYS[1])
if not entry then
  return {}
end
local state, rest = 0, forgotten(entry) - now
if entry.state == 'S' then
  state = 3
elseif entry.state == 'D' then
  state = 4
elseif entry.state == 'C' and entry.ends > now then
  state, rest = 1, entry.ends - now
elseif entry.answer then
  state, rest = 2, math.max(0, entry.ends - now)
end
return {
  state,
  rest,
  entry.attempts or 0,
  entry.accepted and now - entry.accepted or -1,
  entry.task or false,
  entry.reason or false,
}
