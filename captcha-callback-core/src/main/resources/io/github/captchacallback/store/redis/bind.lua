-- KEYS: entry. ARGV: time, task id. Returns 0 unknown, 1 bound, 2 conflict.
local entry = read(KEYS[1])
if not entry then
  return { 0 }
end
if entry.task then
  return { entry.task == ARGV[2] and 1 or 2 }
end
entry.task = ARGV[2]
save(KEYS[1], entry, true)
return { 1 }
