package io.github.captchacallback.store;

import java.time.Duration;

/**
 * Counts the kept answers of a store by their states.
 *
 * @param inProgress how many are being worked on, under a lease that runs
 * @param waiting how many wait for their time
 * @param due how many could be taken now
 * @param dead how many were given up
 * @param oldestDue how long the oldest of the due answers has been due; zero if none is
 */
public record InboxDepth(long inProgress, long waiting, long due, long dead, Duration oldestDue) {}
