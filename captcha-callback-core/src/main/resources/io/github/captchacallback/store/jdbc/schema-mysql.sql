-- The table of the callback store for MySQL 8.0.17 or later.
-- It is run once, by the migrations of your application or by hand. The store itself needs the rights
-- to select, insert, update and delete, and none to create anything.
--
-- callback_key      the reference, compared byte by byte: a key in another case is another key
-- task_id           the service's id of the task; null until it is known
-- state             0 expected, 1 claimed, 2 released, 3 settled, 4 dead
-- fingerprint       recognizes a callback that is sent again
-- lease             the id of the last claim; null if there was none
-- lease_until       when that claim ends, or when a kept answer is due
-- remembered_until  until when the callback must be remembered
-- expires_at        until when the row counts: later than that only while an answer is kept
-- attempts          how many attempts to deliver the answer have begun
-- accepted_at       when the answer was accepted; null if none is kept
-- due_at            when the answer can be taken, the largest number if its delivery was given up;
--                   null if none is kept, so that a claim without an answer changes no index
-- reason            why the delivery was given up
-- answer            the kept answer; erased when the callback is settled
--
-- All times are milliseconds since the epoch, by the clock of the database.

create table if not exists captcha_callback (
    callback_key     varchar(128) not null primary key,
    task_id          varchar(128),
    state            smallint     not null,
    fingerprint      varchar(64),
    lease            bigint,
    lease_until      bigint       not null,
    remembered_until bigint       not null,
    expires_at       bigint       not null,
    attempts         integer      not null,
    accepted_at      bigint,
    due_at           bigint,
    reason           varchar(200),
    answer           longtext,
    index captcha_callback_expires_at (expires_at),
    index captcha_callback_due_at (due_at, callback_key)
) engine = InnoDB character set utf8mb4 collate utf8mb4_0900_bin;
