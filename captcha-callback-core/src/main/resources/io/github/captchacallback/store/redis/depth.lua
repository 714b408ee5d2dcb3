-- KEYS: the four indexes. ARGV: time. Returns in progress, waiting, due, dead, and how long the oldest has been due.
local function count(key, from, to)
  return redis.call('ZCOUNT', key, from, to)
end
local at = whole(now)
local oldest = now
for i = 1, 2 do
  local first = redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', at, 'WITHSCORES', 'LIMIT', 0, 1)
  if first[2] then
    oldest = math.min(oldest, tonumber(first[2]))
  end
end
return {
  count(KEYS[1], '(' .. at, '+inf'),
  count(KEYS[2], '(' .. at, '+inf'),
  count(KEYS[1], '-inf', at) + count(KEYS[2], '-inf', at),
  count(KEYS[3], '-inf', '+inf'),
  now - oldest,
}
