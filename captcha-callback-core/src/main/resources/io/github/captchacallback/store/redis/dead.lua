-- KEYS: the four indexes. ARGV: time, first time, how many to skip, limit. Returns members with the times they are forgotten.
return redis.call('ZRANGEBYSCORE', KEYS[3], ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', ARGV[3], ARGV[4])
