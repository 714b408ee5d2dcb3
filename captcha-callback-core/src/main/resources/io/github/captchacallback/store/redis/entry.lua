-- Each step begins with this. An entry is one string, so that one command writes it together with its expiry:
--   1|state|lease|ends|forgotten|length of task id|length of fingerprint|task id, fingerprint
--   2|(the same)|attempts|accepted|kept|length of reason|task id, fingerprint, reason, answer
-- States: E expected, C claimed, R released, S settled, D dead. A length of -1 stands for none. Times are milliseconds since
-- the epoch by this server's clock: when the lease ends or the answer is due, when the entry is forgotten, when the answer
-- was accepted, and until when it is kept. The lease is text: a number in Lua is a double, which would round it.
-- ARGV[1] is added to the time; it is 0 unless a test moves the time.

-- Redis removes an entry this much later than it is forgotten: the clock of another server may be ahead after a failover.
local GRACE = 30000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1]

local function whole(number)
  return string.format('%.0f', number)
end

local function cut(text, from, length)
  if length < 0 then
    return nil, from
  end
  return text:sub(from, from + length - 1), from + length
end

local function forgotten(entry)
  return entry.answer and math.max(entry.forgotten, entry.kept) or entry.forgotten
end

-- Returns nil for an entry whose time is over, whether Redis has removed it or not.
local function read(key)
  local text = redis.call('GET', key)
  if not text then
    return nil
  end
  local form, state, lease, ends, last, task, print, at =
    text:match('^([12])|(%u)|(%-?%d*)|(%d+)|(%d+)|(%-?%d+)|(%-?%d+)|()')
  if not form then
    error('an entry was written by another version of captcha-callback')
  end
  local entry = { state = state, lease = lease, ends = tonumber(ends), forgotten = tonumber(last) }
  local attempts, accepted, kept, reason
  if form == '2' then
    attempts, accepted, kept, reason, at = text:match('^(%d+)|(%d+)|(%d+)|(%-?%d+)|()', at)
  end
  entry.task, at = cut(text, at, tonumber(task))
  entry.print, at = cut(text, at, tonumber(print))
  if form == '2' then
    entry.attempts, entry.accepted, entry.kept = tonumber(attempts), tonumber(accepted), tonumber(kept)
    entry.reason, at = cut(text, at, tonumber(reason))
    entry.answer = text:sub(at)
    entry.indexed = true
  end
  if forgotten(entry) <= now then
    return nil
  end
  return entry
end

-- Keeps the indexes of the kept answers in step: KEYS[first] and the three after it.
local function index(first, member, entry)
  local kept = entry and entry.answer
  local place = kept and entry.state
  for offset, state in ipairs({ 'C', 'R', 'D' }) do
    local key = KEYS[first + offset - 1]
    if place == state then
      redis.call('ZADD', key, whole(state == 'D' and forgotten(entry) or entry.ends), member)
    else
      redis.call('ZREM', key, member)
    end
  end
  if kept and place ~= 'D' then
    redis.call('ZADD', KEYS[first + 3], whole(forgotten(entry)), member)
  else
    redis.call('ZREM', KEYS[first + 3], member)
  end
end

-- Writes an entry. Redis refuses commands that need memory if it is full, unless the script has written before: a step that
-- needs no new memory therefore frees the old value first.
local function save(key, entry, frees, first, member)
  local task, print = entry.task or '', entry.print or ''
  local text = '|' .. entry.state .. '|' .. entry.lease .. '|' .. whole(entry.ends) .. '|' .. whole(entry.forgotten) .. '|'
    .. (entry.task and #task or -1) .. '|' .. (entry.print and #print or -1) .. '|'
  if entry.answer then
    local reason = entry.reason or ''
    text = '2' .. text .. entry.attempts .. '|' .. whole(entry.accepted) .. '|' .. whole(entry.kept) .. '|'
      .. (entry.reason and #reason or -1) .. '|' .. task .. print .. reason .. entry.answer
  else
    text = '1' .. text .. task .. print
  end
  if frees then
    redis.call('DEL', key)
  end
  redis.call('SET', key, text, 'PX', whole(math.max(0, forgotten(entry) - now) + GRACE))
  if entry.answer or entry.indexed then
    index(first, member, entry)
  end
end
