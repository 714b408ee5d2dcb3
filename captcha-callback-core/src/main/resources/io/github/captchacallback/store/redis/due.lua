-- KEYS: the four indexes, what the lease has taken. ARGV: time, limit.
-- Returns the members that the lease has taken, and the members that are due with their times.
local function due(key)
  return redis.call('ZRANGEBYSCORE', key, '-inf', whole(now), 'WITHSCORES', 'LIMIT', 0, ARGV[2])
end
return { redis.call('SMEMBERS', KEYS[5]), due(KEYS[1]), due(KEYS[2]) }
