-- Removes what is forgotten from the indexes of a bucket: KEYS[1] to KEYS[4]. Redis removes the entries itself.
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', whole(now))
local gone
repeat
  gone = redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', whole(now), 'LIMIT', 0, 100)
  for _, member in ipairs(gone) do
    redis.call('ZREM', KEYS[1], member)
    redis.call('ZREM', KEYS[2], member)
    redis.call('ZREM', KEYS[4], member)
  end
until #gone < 100
