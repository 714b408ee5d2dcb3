-- KEYS: none of an entry. It leads to a primary, by whose clock entries are judged.
return {now}
