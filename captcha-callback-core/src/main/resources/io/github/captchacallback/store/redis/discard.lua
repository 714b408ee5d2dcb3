-- KEYS: entry, the four indexes. ARGV: time, member. Returns 1 settled, 0 was not dead.
local entry = read(KEYS[1])
if not entry or not entry.answer or entry.state ~= 'D' then
  return { 0 }
end
entry.state, entry.answer = 'S', nil
save(KEYS[1], entry, true, 2, ARGV[2])
return { 1 }
